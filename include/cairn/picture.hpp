// picture: shows the contents of a checkpoint to people: as a page for a browser, as a drawing, and as figures.
//
//   cairn::write_picture("training/ckpt-3", "ckpt-3.html");
//   cairn::write_picture("training/ckpt-3", "ckpt-3.dot");       // for Graphviz: dot -Tsvg ckpt-3.dot
//
//   const cairn::CheckpointReader reader{"training/ckpt-3"};
//   std::cout << *cairn::statistics(reader, "model.kernel").mean << '\n';
//
// The page is one file that loads nothing else. No other door includes this one, because the text of the page is in it.
// Any thread may call the functions of this folder.
//
//   picture/picture.hpp     picture, write_picture: the page and the drawing
//   picture/statistics.hpp  statistics: number, extremes, mean, deviation and histogram of a tensor of any size
#pragma once

#include "reflect/detail/refusals.hpp"

#include "picture/picture.hpp"
#include "picture/statistics.hpp"
