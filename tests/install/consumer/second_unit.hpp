#pragma once
#include <guichet/base/ids.hpp>

#include <string>

std::string text_of(guichet::ticket_id ticket);
