// all: every door of cairn except json, mpi and types, which need another library, and testing.
//
// A program compiles faster when it includes <cairn/cairn.hpp> and only the other doors that it uses.
#pragma once

#include "reflect/detail/refusals.hpp"

#include "bundle.hpp"
#include "cairn.hpp"
#include "cereal.hpp"
#include "checkpoint.hpp"
#include "core.hpp"
#include "edit.hpp"
#include "exchange.hpp"
#include "format.hpp"
#include "fwd.hpp"
#include "graph.hpp"
#include "io.hpp"
#include "keras.hpp"
#include "ops.hpp"
#include "partition.hpp"
#include "picture.hpp"
#include "reflect.hpp"
#include "schema.hpp"
#include "tensor.hpp"
#include "version.hpp"
