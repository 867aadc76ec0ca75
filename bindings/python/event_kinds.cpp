// The bodies of events as types of Python: much to compile, so apart.

#include "variants.hpp"

namespace guichet::python {

template struct variant_form<event_body>;
template kind& kind_of<event>();

} // namespace guichet::python
