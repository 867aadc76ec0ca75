#pragma once
#include <guichet/base/error.hpp>
#include <guichet/expr/condition.hpp>
#include <guichet/model/ticket_fields.hpp>
#include <guichet/reporting/ledger.hpp>

#include <string>
#include <variant>
#include <vector>

/// Conditions on the rows of a ledger.
namespace guichet::inline v0::reporting::detail {

/// A row as conditions see it: the fields that the ledger has.
class row_record final : public expr::record {
public:
    explicit row_record(ledger const& of) : of_{of}, where_(derived_ticket_fields().first_custom) {
        for (std::size_t i = 0; i < dimensions.size(); ++i)
            where_[ticket_field(dimensions[i])] = {source::word, i};
        for (std::size_t i = 0; i < moments.size(); ++i)
            where_[ticket_field(moments[i])] = {source::time, i};
        for (std::size_t i = 0; i < counts.size(); ++i)
            where_[ticket_field(counts[i])] = {source::number, i};
        where_[derived_ticket_fields().open] = {source::open, *dimension_of("status")};
    }

    std::uint32_t row = 0;

    bool has(std::uint32_t field) const noexcept {
        return field < where_.size() && where_[field].from != source::nowhere;
    }
    /// The dimension that the field follows from, if it does.
    std::optional<std::size_t> dimension(std::uint32_t field) const noexcept {
        auto const& at = where_[field];
        return at.from == source::word || at.from == source::open ? std::optional{at.place} : std::nullopt;
    }
    expr::value get(std::uint32_t field) const noexcept override {
        if (!has(field))
            return {};
        auto const [from, place] = where_[field];
        switch (from) {
        case source::word: return std::string_view{word(place)};
        case source::open: return word(place) != "resolved" && word(place) != "closed";
        case source::number: return std::int64_t{of_.numbers(static_cast<count>(place))[row]};
        case source::time: {
            auto const at = of_.times(static_cast<moment>(place))[row];
            return at == never ? expr::value{} : expr::value{at};
        }
        default: return {};
        }
    }

private:
    enum class source : std::uint8_t { nowhere, word, time, number, open };
    struct column {
        source from = source::nowhere;
        std::size_t place = 0;
    };
    std::string const& word(std::size_t dimension) const noexcept {
        return of_.words(dimension)[of_.codes(dimension)[row]];
    }
    ledger const& of_;
    std::vector<column> where_;
};

/// Which rows count. A condition on dimensions is asked once for each combination of their values.
class row_filter {
public:
    static result<row_filter> make(ledger const& of, expr::condition const& where, expr::context const& with,
                                   std::optional<std::string> const& tenant) {
        row_filter out{of, where, with};
        for (auto const field : where.fields())
            if (!out.record_.has(field) || where.asks_change()) {
                std::string known = "open";
                for (auto const names : {std::span<std::string_view const>{dimensions}, {moments}, {counts}})
                    for (auto const name : names)
                        known.append(", ").append(name);
                return error{reason::unknown_field, {{"path", "where"}, {"known", std::move(known)}}};
            }
        out.remember(where.fields());
        if (tenant) {
            out.tenants_ = of.codes(*dimension_of("tenant"));
            auto const& all = of.words(*dimension_of("tenant"));
            out.tenant_ = static_cast<code>(all.size()); // of none
            for (code i = 0; i < all.size(); ++i)
                if (all[i] == *tenant)
                    out.tenant_ = i;
        }
        return out;
    }

    bool passes(std::uint32_t row) {
        if (!tenants_.empty() && tenants_[row] != tenant_)
            return false;
        if (where_.always())
            return true;
        if (answers_.empty())
            return ask(row);
        std::size_t at = 0;
        for (auto const& one : columns_)
            at = at * one.size + one.codes[row];
        auto& answer = answers_[at];
        if (answer == unknown)
            answer = ask(row);
        return answer != 0;
    }

private:
    static constexpr std::size_t answers_max = 1 << 20;
    static constexpr std::uint8_t unknown = 2;

    row_filter(ledger const& of, expr::condition const& where, expr::context const& with)
        : of_{&of}, record_{of}, where_{where}, with_{with} {}

    void remember(std::vector<std::uint32_t> const& fields) {
        std::size_t size = 1;
        for (auto const field : fields) {
            auto const dimension = record_.dimension(field);
            if (!dimension || size * of_->words(*dimension).size() > answers_max)
                return;
            columns_.push_back({of_->codes(*dimension), of_->words(*dimension).size()});
            size *= columns_.back().size;
        }
        answers_.assign(size, unknown);
    }
    std::uint8_t ask(std::uint32_t row) {
        record_.row = row;
        return where_.evaluate(record_, with_);
    }

    struct column {
        std::span<code const> codes;
        std::size_t size;
    };
    ledger const* of_;
    row_record record_;
    expr::condition where_;
    expr::context with_;
    std::span<code const> tenants_{};
    code tenant_ = 0;
    std::vector<column> columns_{};
    std::vector<std::uint8_t> answers_{}; ///< empty: each row is asked
};

} // namespace guichet::inline v0::reporting::detail
