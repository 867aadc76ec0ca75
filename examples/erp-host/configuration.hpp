#pragma once
#include <guichet/model/documents.hpp>

#include <vector>

/// What the firm's desk goes by: its fields, its hours, what each contract promises, and its one rule.
std::vector<guichet::document> desk_documents();
