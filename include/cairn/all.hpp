// all: every door of cairn but those that need more than is always installed (json) or are for tests (testing).
//
// A program that includes <cairn/cairn.hpp> and the doors that it uses compiles in less time.
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
