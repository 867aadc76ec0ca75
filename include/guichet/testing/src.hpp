#pragma once

/// Every definition of the test kit. Include it in exactly one translation unit, or link `guichet::testing`, which is
/// that unit.

#include <guichet/testing/impl/conformance_articles.ipp>
#include <guichet/testing/impl/conformance_faults.ipp>
#include <guichet/testing/impl/conformance_inquiries.ipp>
#include <guichet/testing/impl/conformance_queries.ipp>
#include <guichet/testing/impl/conformance_reads.ipp>
#include <guichet/testing/impl/conformance_units.ipp>
#include <guichet/testing/impl/conformance_world.ipp>
#include <guichet/testing/impl/scenario.ipp>
#include <guichet/testing/impl/scenario_answers.ipp>
#include <guichet/testing/impl/sla_vectors.ipp>
#include <guichet/testing/impl/store_conformance.ipp>
#include <guichet/testing/impl/vectors.ipp>
