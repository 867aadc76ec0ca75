// The values that most of the binding meets, compiled once.

#include "convert.hpp"

namespace guichet::python {

template kind& kind_of<actor>();
template kind& kind_of<article>();
template kind& kind_of<document>();
template kind& kind_of<outcome>();
template kind& kind_of<ticket>();

} // namespace guichet::python
