#pragma once
#include <guichet/time/holidays.hpp>

#include <algorithm>
#include <array>
#include <cstdint>
#include <utility>

namespace guichet::inline v0::time {
namespace detail {

// --- the table's words

/// The languages in which regions name their holidays; Belgium writes Dutch and French.
enum class tongue : std::uint8_t { en, fr, de, it, nl_fr };

/// One country or one part of it.
struct region_row {
    std::string_view code;
    tongue speaks;
    std::string_view country() const noexcept { return code.substr(0, 2); }
    /// "57" of "FR-57"; "FR" of "FR" itself.
    std::string_view part() const noexcept { return code.size() > 3 ? code.substr(3) : code; }
};

/// A holiday's names; those that no region needs are empty.
struct names_row {
    std::string_view en, fr, de{}, it{}, nl{};
};

/// How a year's date is found.
struct date_rule {
    enum class form : std::uint8_t { fixed, easter, nth, before };
    form how{};
    std::int8_t month = 0, day = 0; ///< `easter`: `day` counts from Easter Sunday
    std::int8_t weekday = 0;        ///< from Sunday
    std::int8_t nth = 0;            ///< in the month; -1 is the last
};
constexpr date_rule on(int month, int day) {
    return {date_rule::form::fixed, static_cast<std::int8_t>(month), static_cast<std::int8_t>(day)};
}
constexpr date_rule easter(int days) { return {date_rule::form::easter, 0, static_cast<std::int8_t>(days)}; }
/// The nth weekday of a month, or `later` days after it.
constexpr date_rule nth(int n, int weekday, int month, int later = 0) {
    return {date_rule::form::nth, static_cast<std::int8_t>(month), static_cast<std::int8_t>(later),
            static_cast<std::int8_t>(weekday), static_cast<std::int8_t>(n)};
}
/// The last such weekday before a date.
constexpr date_rule before(int weekday, int month, int day) {
    return {date_rule::form::before, static_cast<std::int8_t>(month), static_cast<std::int8_t>(day),
            static_cast<std::int8_t>(weekday)};
}

/// What a weekend does to a holiday: nothing; of a Saturday or Sunday, the next weekday that is free is one too; of a
/// Sunday, the Monday; or it is one on Mondays only (the day after a holiday that fell on a Sunday).
enum class weekend : std::uint8_t { as_it_is, next_free_weekday, monday_after_sunday, mondays_only };

struct holiday_row {
    std::string_view country;
    std::string_view parts; ///< blank between them; the country's own code is the country as such; empty is all
    date_rule rule;
    names_row const* names;
    int from = 1900, until = 2299;
    weekend at_weekend = weekend::as_it_is;
};

inline constexpr std::array regions{
    region_row{"FR", tongue::fr},     region_row{"FR-57", tongue::fr},  region_row{"FR-67", tongue::fr},
    region_row{"FR-68", tongue::fr},  region_row{"FR-971", tongue::fr}, region_row{"FR-972", tongue::fr},
    region_row{"FR-973", tongue::fr}, region_row{"FR-974", tongue::fr}, region_row{"FR-976", tongue::fr},
    region_row{"FR-BL", tongue::fr},  region_row{"FR-MF", tongue::fr},  region_row{"DE", tongue::de},
    region_row{"DE-BB", tongue::de},  region_row{"DE-BE", tongue::de},  region_row{"DE-BW", tongue::de},
    region_row{"DE-BY", tongue::de},  region_row{"DE-HB", tongue::de},  region_row{"DE-HE", tongue::de},
    region_row{"DE-HH", tongue::de},  region_row{"DE-MV", tongue::de},  region_row{"DE-NI", tongue::de},
    region_row{"DE-NW", tongue::de},  region_row{"DE-RP", tongue::de},  region_row{"DE-SH", tongue::de},
    region_row{"DE-SL", tongue::de},  region_row{"DE-SN", tongue::de},  region_row{"DE-ST", tongue::de},
    region_row{"DE-TH", tongue::de},  region_row{"GB-ENG", tongue::en}, region_row{"GB-NIR", tongue::en},
    region_row{"GB-SCT", tongue::en}, region_row{"GB-WLS", tongue::en}, region_row{"BE", tongue::nl_fr},
    region_row{"CH", tongue::de},     region_row{"CH-BE", tongue::de},  region_row{"CH-BS", tongue::de},
    region_row{"CH-FR", tongue::fr},  region_row{"CH-GE", tongue::fr},  region_row{"CH-NE", tongue::fr},
    region_row{"CH-TI", tongue::it},  region_row{"CH-VD", tongue::fr},  region_row{"CH-VS", tongue::fr},
    region_row{"CH-ZH", tongue::de},  region_row{"CA", tongue::en},     region_row{"CA-AB", tongue::en},
    region_row{"CA-BC", tongue::en},  region_row{"CA-MB", tongue::en},  region_row{"CA-NB", tongue::en},
    region_row{"CA-NL", tongue::en},  region_row{"CA-NS", tongue::en},  region_row{"CA-NT", tongue::en},
    region_row{"CA-NU", tongue::en},  region_row{"CA-ON", tongue::en},  region_row{"CA-PE", tongue::en},
    region_row{"CA-QC", tongue::fr},  region_row{"CA-SK", tongue::en},  region_row{"CA-YT", tongue::en},
};

// --- the names

namespace holiday_called {
#define GUICHET_HOLIDAY(name, ...) inline constexpr names_row name{__VA_ARGS__};
GUICHET_HOLIDAY(new_year, "New Year's Day", "Jour de l'an", "Neujahr", "Capodanno", "Nieuwjaar")
GUICHET_HOLIDAY(second_january, "2 January", "2 janvier", "Berchtoldstag")
GUICHET_HOLIDAY(epiphany, "Epiphany", "Épiphanie", "Heilige Drei Könige", "Epifania")
GUICHET_HOLIDAY(womens_day, "International Women's Day", "Journée internationale des femmes", "Frauentag")
GUICHET_HOLIDAY(saint_joseph, "Saint Joseph's Day", "Saint-Joseph", "Josefstag", "San Giuseppe")
GUICHET_HOLIDAY(good_friday, "Good Friday", "Vendredi saint", "Karfreitag")
GUICHET_HOLIDAY(easter_sunday, "Easter Sunday", "Pâques", "Ostersonntag")
GUICHET_HOLIDAY(easter_monday, "Easter Monday", "Lundi de Pâques", "Ostermontag", "Lunedì di Pasqua", "Paasmaandag")
GUICHET_HOLIDAY(labour_day, "Labour Day", "Fête du travail", "Tag der Arbeit", "Festa del lavoro", "Dag van de Arbeid")
GUICHET_HOLIDAY(ascension, "Ascension Day", "Ascension", "Christi Himmelfahrt", "Ascensione", "Hemelvaartsdag")
GUICHET_HOLIDAY(whit_sunday, "Whit Sunday", "Pentecôte", "Pfingstsonntag")
GUICHET_HOLIDAY(whit_monday, "Whit Monday", "Lundi de Pentecôte", "Pfingstmontag", "Lunedì di Pentecoste",
                "Pinkstermaandag")
GUICHET_HOLIDAY(corpus_christi, "Corpus Christi", "Fête-Dieu", "Fronleichnam", "Corpus Domini")
GUICHET_HOLIDAY(assumption, "Assumption", "Assomption", "Mariä Himmelfahrt", "Assunzione",
                "Onze-Lieve-Vrouw-Hemelvaart")
GUICHET_HOLIDAY(all_saints, "All Saints' Day", "Toussaint", "Allerheiligen", "Ognissanti", "Allerheiligen")
GUICHET_HOLIDAY(armistice, "Armistice Day", "Armistice de 1918", "", "", "Wapenstilstand")
GUICHET_HOLIDAY(immaculate, "Immaculate Conception", "Immaculée Conception", "Mariä Empfängnis", "Immacolata")
GUICHET_HOLIDAY(christmas, "Christmas Day", "Noël", "1. Weihnachtstag", "Natale", "Kerstmis")
GUICHET_HOLIDAY(saint_stephen, "Saint Stephen's Day", "Saint-Étienne", "2. Weihnachtstag", "Santo Stefano")
GUICHET_HOLIDAY(boxing_day, "Boxing Day", "Lendemain de Noël")

GUICHET_HOLIDAY(victory_1945, "Victory in Europe Day", "Victoire de 1945", "Tag der Befreiung")
GUICHET_HOLIDAY(bastille, "Bastille Day", "Fête nationale")
GUICHET_HOLIDAY(abolition, "Abolition of Slavery", "Abolition de l'esclavage")

GUICHET_HOLIDAY(german_unity, "German Unity Day", "Jour de l'unité allemande", "Tag der Deutschen Einheit")
GUICHET_HOLIDAY(childrens_day, "World Children's Day", "Journée mondiale des enfants", "Weltkindertag")
GUICHET_HOLIDAY(reformation, "Reformation Day", "Fête de la Réformation", "Reformationstag")
GUICHET_HOLIDAY(repentance, "Day of Repentance and Prayer", "Jour de pénitence et de prière", "Buß- und Bettag")

GUICHET_HOLIDAY(saint_patrick, "Saint Patrick's Day", "Saint-Patrick")
GUICHET_HOLIDAY(early_may, "Early May bank holiday", "Jour férié de début mai")
GUICHET_HOLIDAY(spring, "Spring bank holiday", "Jour férié de printemps")
GUICHET_HOLIDAY(boyne, "Battle of the Boyne", "Bataille de la Boyne")
GUICHET_HOLIDAY(summer, "Summer bank holiday", "Jour férié d'été")
GUICHET_HOLIDAY(saint_andrew, "Saint Andrew's Day", "Saint-André")
GUICHET_HOLIDAY(jubilee, "Jubilee bank holiday", "Jubilé de la reine")
GUICHET_HOLIDAY(royal_wedding, "Royal wedding", "Mariage royal")
GUICHET_HOLIDAY(millennium, "Millennium celebrations", "Fêtes de l'an 2000")
GUICHET_HOLIDAY(state_funeral, "State funeral of Queen Elizabeth II", "Funérailles de la reine Élisabeth II")
GUICHET_HOLIDAY(coronation, "Coronation of King Charles III", "Couronnement du roi Charles III")

GUICHET_HOLIDAY(belgian_day, "Belgian National Day", "Fête nationale", "", "", "Nationale feestdag")

GUICHET_HOLIDAY(swiss_day, "Swiss National Day", "Fête nationale", "Bundesfeier", "Festa nazionale")
GUICHET_HOLIDAY(neuchatel, "Republic Day", "Instauration de la République", "Ausrufung der Republik")
GUICHET_HOLIDAY(geneva_fast, "Geneva Fast", "Jeûne genevois", "Genfer Bettag")
GUICHET_HOLIDAY(fast_monday, "Monday of the Federal Fast", "Lundi du Jeûne fédéral", "Bettagsmontag")
GUICHET_HOLIDAY(geneva_restoration, "Restoration of the Republic", "Restauration de la République")
GUICHET_HOLIDAY(peter_and_paul, "Saints Peter and Paul", "Saints Pierre et Paul", "Peter und Paul",
                "Santi Pietro e Paolo")

GUICHET_HOLIDAY(family_day, "Family Day", "Jour de la famille")
GUICHET_HOLIDAY(louis_riel, "Louis Riel Day", "Journée Louis-Riel")
GUICHET_HOLIDAY(islander, "Islander Day", "Fête des Insulaires")
GUICHET_HOLIDAY(heritage, "Heritage Day", "Fête du patrimoine")
GUICHET_HOLIDAY(victoria, "Victoria Day", "Fête de la Reine")
GUICHET_HOLIDAY(patriots, "National Patriots' Day", "Journée nationale des patriotes")
GUICHET_HOLIDAY(indigenous, "National Indigenous Peoples Day", "Journée nationale des peuples autochtones")
GUICHET_HOLIDAY(saint_john, "Saint-Jean-Baptiste Day", "Fête nationale du Québec")
GUICHET_HOLIDAY(canada_day, "Canada Day", "Fête du Canada")
GUICHET_HOLIDAY(nunavut, "Nunavut Day", "Jour du Nunavut")
GUICHET_HOLIDAY(british_columbia, "British Columbia Day", "Fête de la Colombie-Britannique")
GUICHET_HOLIDAY(saskatchewan, "Saskatchewan Day", "Fête de la Saskatchewan")
GUICHET_HOLIDAY(new_brunswick, "New Brunswick Day", "Fête du Nouveau-Brunswick")
GUICHET_HOLIDAY(civic, "Civic Holiday", "Premier lundi d'août")
GUICHET_HOLIDAY(discovery, "Discovery Day", "Jour de la Découverte")
GUICHET_HOLIDAY(reconciliation, "National Day for Truth and Reconciliation",
                "Journée nationale de la vérité et de la réconciliation")
GUICHET_HOLIDAY(thanksgiving, "Thanksgiving", "Action de grâce")
GUICHET_HOLIDAY(remembrance, "Remembrance Day", "Jour du Souvenir")
#undef GUICHET_HOLIDAY
} // namespace holiday_called

// --- the holidays

/// Sources: Code du travail L3133-1, L3134-13 and L3422-2; the Feiertagsgesetze of the Laender; the Banking and
/// Financial Dealings Act 1971 and the proclamations under it; the Belgian law of 4 January 1974; the list of the Swiss
/// Federal Office of Justice; the Canada Labour Code and the provinces' employment standards.
inline std::vector<holiday_row> const& holiday_table() {
    using namespace holiday_called;
    constexpr int sunday = 0, monday = 1, wednesday = 3;
    constexpr auto moved = weekend::next_free_weekday;
    static std::vector<holiday_row> const table{
        // France
        {"FR", "", on(1, 1), &new_year},
        {"FR", "57 67 68", easter(-2), &good_friday},
        {"FR", "", easter(1), &easter_monday},
        {"FR", "976", on(4, 27), &abolition, 1983},
        {"FR", "", on(5, 1), &labour_day, 1947},
        {"FR", "", on(5, 8), &victory_1945, 1953, 1959},
        {"FR", "", on(5, 8), &victory_1945, 1982},
        {"FR", "972", on(5, 22), &abolition, 1983},
        {"FR", "971", on(5, 27), &abolition, 1983},
        {"FR", "MF", on(5, 28), &abolition, 2018},
        {"FR", "", easter(39), &ascension},
        {"FR", "", easter(50), &whit_monday},
        {"FR", "973", on(6, 10), &abolition, 1983},
        {"FR", "", on(7, 14), &bastille},
        {"FR", "", on(8, 15), &assumption},
        {"FR", "BL", on(10, 9), &abolition, 1983},
        {"FR", "", on(11, 1), &all_saints},
        {"FR", "", on(11, 11), &armistice, 1922},
        {"FR", "974", on(12, 20), &abolition, 1983},
        {"FR", "", on(12, 25), &christmas},
        {"FR", "57 67 68", on(12, 26), &saint_stephen},
        // Germany
        {"DE", "", on(1, 1), &new_year},
        {"DE", "BW BY ST", on(1, 6), &epiphany},
        {"DE", "BE", on(3, 8), &womens_day, 2019},
        {"DE", "MV", on(3, 8), &womens_day, 2023},
        {"DE", "", easter(-2), &good_friday},
        {"DE", "BB", easter(0), &easter_sunday},
        {"DE", "", easter(1), &easter_monday},
        {"DE", "", on(5, 1), &labour_day, 1933},
        {"DE", "BE", on(5, 8), &victory_1945, 2020, 2020},
        {"DE", "BE", on(5, 8), &victory_1945, 2025, 2025},
        {"DE", "", easter(39), &ascension},
        {"DE", "BB", easter(49), &whit_sunday},
        {"DE", "", easter(50), &whit_monday},
        {"DE", "BW BY HE NW RP SL", easter(60), &corpus_christi},
        {"DE", "BY SL", on(8, 15), &assumption},
        {"DE", "TH", on(9, 20), &childrens_day, 2019},
        {"DE", "", on(10, 3), &german_unity, 1990},
        {"DE", "BB MV SN ST TH", on(10, 31), &reformation, 1990},
        {"DE", "DE BE BW BY HE NW RP SL", on(10, 31), &reformation, 2017, 2017},
        {"DE", "HB HH NI SH", on(10, 31), &reformation, 2017},
        {"DE", "BW BY NW RP SL", on(11, 1), &all_saints},
        {"DE", "", before(wednesday, 11, 23), &repentance, 1990, 1994},
        {"DE", "SN", before(wednesday, 11, 23), &repentance, 1995},
        {"DE", "", on(12, 25), &christmas},
        {"DE", "", on(12, 26), &saint_stephen},
        // the United Kingdom
        {"GB", "SCT", on(1, 1), &new_year, 1900, 2299, moved},
        {"GB", "ENG NIR WLS", on(1, 1), &new_year, 1974, 2299, moved},
        {"GB", "SCT", on(1, 2), &second_january, 1974, 2299, moved},
        {"GB", "NIR", on(3, 17), &saint_patrick, 1903, 2299, moved},
        {"GB", "", easter(-2), &good_friday},
        {"GB", "ENG NIR WLS", easter(1), &easter_monday},
        {"GB", "", nth(1, monday, 5), &early_may, 1978, 1994},
        {"GB", "", on(5, 8), &early_may, 1995, 1995},
        {"GB", "", nth(1, monday, 5), &early_may, 1996, 2019},
        {"GB", "", on(5, 8), &early_may, 2020, 2020},
        {"GB", "", nth(1, monday, 5), &early_may, 2021},
        {"GB", "", on(5, 8), &coronation, 2023, 2023},
        {"GB", "", nth(-1, monday, 5), &spring, 1971, 2001},
        {"GB", "", on(6, 4), &spring, 2002, 2002},
        {"GB", "", nth(-1, monday, 5), &spring, 2003, 2011},
        {"GB", "", on(6, 4), &spring, 2012, 2012},
        {"GB", "", nth(-1, monday, 5), &spring, 2013, 2021},
        {"GB", "", on(6, 2), &spring, 2022, 2022},
        {"GB", "", nth(-1, monday, 5), &spring, 2023},
        {"GB", "", on(6, 7), &jubilee, 1977, 1977},
        {"GB", "", on(6, 3), &jubilee, 2002, 2002},
        {"GB", "", on(6, 5), &jubilee, 2012, 2012},
        {"GB", "", on(6, 3), &jubilee, 2022, 2022},
        {"GB", "NIR", on(7, 12), &boyne, 1926, 2299, moved},
        {"GB", "", on(7, 29), &royal_wedding, 1981, 1981},
        {"GB", "", on(4, 29), &royal_wedding, 2011, 2011},
        {"GB", "SCT", nth(1, monday, 8), &summer, 1971},
        {"GB", "ENG NIR WLS", nth(-1, monday, 8), &summer, 1971},
        {"GB", "", on(9, 19), &state_funeral, 2022, 2022},
        {"GB", "SCT", on(11, 30), &saint_andrew, 2007, 2299, moved},
        {"GB", "", on(12, 25), &christmas, 1900, 2299, moved},
        {"GB", "ENG NIR WLS", on(12, 26), &boxing_day, 1900, 2299, moved},
        {"GB", "SCT", on(12, 26), &boxing_day, 1974, 2299, moved},
        {"GB", "", on(12, 31), &millennium, 1999, 1999},
        // Belgium
        {"BE", "", on(1, 1), &new_year},
        {"BE", "", easter(1), &easter_monday},
        {"BE", "", on(5, 1), &labour_day, 1948},
        {"BE", "", easter(39), &ascension},
        {"BE", "", easter(50), &whit_monday},
        {"BE", "", on(7, 21), &belgian_day},
        {"BE", "", on(8, 15), &assumption},
        {"BE", "", on(11, 1), &all_saints},
        {"BE", "", on(11, 11), &armistice, 1922},
        {"BE", "", on(12, 25), &christmas},
        // Switzerland: federal law knows the first of August only; the country's row has what all cantons keep
        {"CH", "", on(1, 1), &new_year},
        {"CH", "BE VD ZH", on(1, 2), &second_january},
        {"CH", "NE", on(1, 2), &second_january, 1900, 2299, weekend::mondays_only},
        {"CH", "TI", on(1, 6), &epiphany},
        {"CH", "NE", on(3, 1), &neuchatel},
        {"CH", "TI VS", on(3, 19), &saint_joseph},
        {"CH", "BE BS FR GE NE VD ZH", easter(-2), &good_friday},
        {"CH", "BE BS GE TI VD ZH", easter(1), &easter_monday},
        {"CH", "BS NE TI ZH", on(5, 1), &labour_day},
        {"CH", "", easter(39), &ascension},
        {"CH", "BE BS GE TI VD ZH", easter(50), &whit_monday},
        {"CH", "FR TI VS", easter(60), &corpus_christi},
        {"CH", "TI", on(6, 29), &peter_and_paul},
        {"CH", "", on(8, 1), &swiss_day, 1994},
        {"CH", "FR TI VS", on(8, 15), &assumption},
        {"CH", "GE", nth(1, sunday, 9, 4), &geneva_fast},
        {"CH", "VD", nth(3, sunday, 9, 1), &fast_monday},
        {"CH", "FR TI VS", on(11, 1), &all_saints},
        {"CH", "FR TI VS", on(12, 8), &immaculate},
        {"CH", "", on(12, 25), &christmas},
        {"CH", "BE BS TI ZH", on(12, 26), &saint_stephen},
        {"CH", "NE", on(12, 26), &saint_stephen, 1900, 2299, weekend::mondays_only},
        {"CH", "GE", on(12, 31), &geneva_restoration},
        // Canada: the country's row is the Canada Labour Code
        {"CA", "", on(1, 1), &new_year},
        {"CA", "AB", nth(3, monday, 2), &family_day, 1990},
        {"CA", "SK", nth(3, monday, 2), &family_day, 2007},
        {"CA", "ON", nth(3, monday, 2), &family_day, 2008},
        {"CA", "BC", nth(2, monday, 2), &family_day, 2013, 2018},
        {"CA", "BC", nth(3, monday, 2), &family_day, 2019},
        {"CA", "NB", nth(3, monday, 2), &family_day, 2018},
        {"CA", "MB", nth(3, monday, 2), &louis_riel, 2008},
        {"CA", "PE", nth(2, monday, 2), &islander, 2009, 2009},
        {"CA", "PE", nth(3, monday, 2), &islander, 2010},
        {"CA", "NS", nth(3, monday, 2), &heritage, 2015},
        {"CA", "", easter(-2), &good_friday},
        {"CA", "CA AB BC MB NT NU ON SK YT", before(monday, 5, 25), &victoria},
        {"CA", "QC", before(monday, 5, 25), &victoria, 1900, 2002},
        {"CA", "QC", before(monday, 5, 25), &patriots, 2003},
        {"CA", "NT", on(6, 21), &indigenous, 2002},
        {"CA", "YT", on(6, 21), &indigenous, 2017},
        {"CA", "QC", on(6, 24), &saint_john, 1925, 2299, weekend::monday_after_sunday},
        {"CA", "", on(7, 1), &canada_day, 1900, 2299, weekend::monday_after_sunday},
        {"CA", "NU", on(7, 9), &nunavut, 2001},
        {"CA", "BC", nth(1, monday, 8), &british_columbia, 1974},
        {"CA", "SK", nth(1, monday, 8), &saskatchewan, 1975},
        {"CA", "NB", nth(1, monday, 8), &new_brunswick, 1976},
        {"CA", "NT NU", nth(1, monday, 8), &civic},
        {"CA", "YT", nth(3, monday, 8), &discovery},
        {"CA", "", nth(1, monday, 9), &labour_day},
        {"CA", "CA", on(9, 30), &reconciliation, 2021},
        {"CA", "NT NU PE", on(9, 30), &reconciliation, 2022},
        {"CA", "BC YT", on(9, 30), &reconciliation, 2023},
        {"CA", "MB", on(9, 30), &reconciliation, 2024},
        {"CA", "CA AB BC MB NT NU ON QC SK YT", nth(2, monday, 10), &thanksgiving, 1957},
        {"CA", "CA AB BC NB NL NT NU PE SK YT", on(11, 11), &remembrance, 1931},
        {"CA", "", on(12, 25), &christmas},
        {"CA", "CA ON", on(12, 26), &boxing_day},
    };
    return table;
}

// --- reading it

inline region_row const* find_region(std::string_view code) noexcept {
    auto const found = std::find_if(regions.begin(), regions.end(), [&](auto const& r) { return r.code == code; });
    return found == regions.end() ? nullptr : &*found;
}

/// The codes of the country that `code` seems to mean, else of all, with commas.
inline std::string regions_near(std::string_view code) {
    auto const capital = [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; };
    std::string country{code.substr(0, 2)};
    std::transform(country.begin(), country.end(), country.begin(), capital);
    if (country == "UK")
        country = "GB";
    bool const known =
        std::any_of(regions.begin(), regions.end(), [&](auto const& r) { return r.country() == country; });
    std::string out;
    for (auto const& region : regions)
        if (!known || region.country() == country)
            out.append(out.empty() ? "" : ", ").append(region.code);
    return out;
}

inline error unknown_region(std::string_view code, std::string_view path) {
    return error{reason::unknown_value,
                 {{"path", std::string{path}}, {"value", std::string{code}}, {"known", regions_near(code)}}};
}

/// One holiday of one year.
struct found_holiday {
    std::chrono::local_days date;
    holiday_row const* row;
    bool substitute = false;
};

/// The rows of one region.
class region_rules {
public:
    explicit region_rules(region_row const& region) : region_{&region} {
        for (auto const& row : holiday_table())
            if (row.country == region.country() && (row.parts.empty() || names_part(row.parts, region.part())))
                rows_.push_back(&row);
    }

    /// The holidays of a year by date. Valid until the next call.
    std::vector<found_holiday> const& in(std::chrono::year year) {
        found_.clear();
        auto const easter = std::chrono::local_days{easter_sunday(year)};
        for (auto const* row : rows_)
            if (row->from <= static_cast<int>(year) && static_cast<int>(year) <= row->until)
                if (auto const date = date_in(row->rule, year, easter);
                    row->at_weekend != weekend::mondays_only || std::chrono::weekday{date} == std::chrono::Monday)
                    found_.push_back({date, row});
        sort();
        add_substitutes();
        return found_;
    }

    /// In `lang`, or in the region's own language.
    std::string name(found_holiday const& day, std::optional<language> lang) const {
        auto const speaks = !lang ? region_->speaks : *lang == language::fr ? tongue::fr : tongue::en;
        auto const& names = *day.row->names;
        std::string out{speaks == tongue::fr && !names.fr.empty()      ? names.fr
                        : speaks == tongue::de && !names.de.empty()    ? names.de
                        : speaks == tongue::it && !names.it.empty()    ? names.it
                        : speaks == tongue::nl_fr && !names.nl.empty() ? names.nl
                                                                       : names.en};
        if (speaks == tongue::nl_fr)
            out.append(" / ").append(names.fr);
        if (day.substitute)
            out.append(speaks == tongue::fr ? " (jour de remplacement)" : " (substitute day)");
        return out;
    }

private:
    static bool names_part(std::string_view parts, std::string_view part) noexcept {
        while (!parts.empty()) {
            auto const end = std::min(parts.find(' '), parts.size());
            if (parts.substr(0, end) == part)
                return true;
            parts.remove_prefix(std::min(end + 1, parts.size()));
        }
        return false;
    }

    static std::chrono::local_days date_in(date_rule const& rule, std::chrono::year year,
                                           std::chrono::local_days easter) noexcept {
        using namespace std::chrono;
        auto const in_month = year / std::chrono::month(static_cast<unsigned>(rule.month));
        std::chrono::weekday const weekday(static_cast<unsigned>(rule.weekday));
        std::chrono::day const of_month(static_cast<unsigned>(rule.day));
        switch (rule.how) {
        case date_rule::form::fixed: return local_days{in_month / of_month};
        case date_rule::form::easter: return easter + days{rule.day};
        case date_rule::form::nth:
            return (rule.nth < 0 ? local_days{in_month / weekday[last]}
                                 : local_days{in_month / weekday[static_cast<unsigned>(rule.nth)]}) +
                   days{rule.day};
        case date_rule::form::before: break;
        }
        auto const eve = local_days{in_month / of_month} - days{1};
        return eve - (std::chrono::weekday{eve} - weekday);
    }

    void sort() {
        std::stable_sort(found_.begin(), found_.end(), [](auto const& a, auto const& b) { return a.date < b.date; });
    }

    void add_substitutes() {
        using namespace std::chrono;
        auto const taken = [&](local_days date) {
            return std::any_of(found_.begin(), found_.end(), [&](auto const& f) { return f.date == date; });
        };
        auto const count = found_.size();
        for (std::size_t i = 0; i < count; ++i) {
            auto const day = found_[i];
            auto const on = weekday{day.date};
            if (on == Sunday && day.row->at_weekend == weekend::monday_after_sunday)
                found_.push_back({day.date + days{1}, day.row, true});
            if ((on != Saturday && on != Sunday) || day.row->at_weekend != weekend::next_free_weekday)
                continue;
            auto instead = day.date + days{1};
            while (weekday{instead} == Saturday || weekday{instead} == Sunday || taken(instead))
                instead += days{1};
            found_.push_back({instead, day.row, true});
        }
        if (found_.size() != count)
            sort();
    }

    region_row const* region_;
    std::vector<holiday_row const*> rows_;
    std::vector<found_holiday> found_;
};

} // namespace detail

GUICHET_DECL std::chrono::year_month_day easter_sunday(std::chrono::year year) noexcept {
    int const y = static_cast<int>(year);
    int const a = y % 19, b = y / 100, c = y % 100;
    int const d = b / 4, e = b % 4, f = (b + 8) / 25, g = (b - f + 1) / 3;
    int const h = (19 * a + b - d - g + 15) % 30, i = c / 4, k = c % 4;
    int const l = (32 + 2 * e + 2 * i - h - k) % 7, m = (a + 11 * h + 22 * l) / 451;
    int const n = h + l - 7 * m + 114;
    return year / std::chrono::month(static_cast<unsigned>(n / 31)) /
           std::chrono::day(static_cast<unsigned>(n % 31 + 1));
}

GUICHET_DECL result<std::vector<holiday>> public_holidays(std::string_view region, std::chrono::year first,
                                                          std::chrono::year last, std::optional<language> lang,
                                                          std::string_view path) {
    auto const* known = detail::find_region(region);
    if (!known)
        return detail::unknown_region(region, path);
    for (auto const year : {first, last})
        if (year < std::chrono::year{1900} || year > std::chrono::year{2299})
            return error{reason::bad_calendar_date, {{"path", std::string{path}}}};
    std::vector<holiday> out;
    detail::region_rules rules{*known};
    for (auto year = first; year <= last; ++year)
        for (auto const& day : rules.in(year)) {
            std::chrono::year_month_day const date{day.date};
            out.push_back({date.year(), date.month() / date.day(), rules.name(day, lang)});
        }
    return out;
}

GUICHET_DECL std::vector<std::string_view> holiday_regions() {
    std::vector<std::string_view> out;
    for (auto const& region : detail::regions)
        out.push_back(region.code);
    return out;
}

} // namespace guichet::inline v0::time
