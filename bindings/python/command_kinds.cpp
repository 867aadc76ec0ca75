// The bodies of commands as types of Python: much to compile, so apart.

#include "variants.hpp"

namespace guichet::python {

template struct variant_form<command_body>;
template kind& kind_of<command>();

} // namespace guichet::python
