#pragma once
#include <guichet/text/impl/stop_words.ipp>

#include <algorithm>

namespace guichet::inline v0::search::detail {

/// Words with which people ask, rather than what they ask about: courtesy, wishes, "are there any articles on", "has
/// anyone". Folded. In a document they are words like others; here they weigh `ranking::request`.
inline constexpr std::array<std::string_view, text::tongues> request_lists{
    "",
    // en
    "please thanks thank hello hi help want wants need needs know find looking interested anyone someone anybody "
    "somebody tell articles article papers information regarding concerning available exist exists dealing describe "
    "describes discuss investigated done been possible",
    // fr
    "bonjour merci svp besoin veux voudrais souhaite aimerais savoir peux puis pouvez aider existe",
    // de
    "bitte danke hallo hilfe brauche benotige mochte will wissen suche jemand artikel informationen gibt moglich",
    // es
    "gracias hola ayuda necesito quiero quisiera saber busco alguien articulos informacion existe posible",
    // it
    "grazie ciao buongiorno aiuto bisogno vorrei voglio sapere cerco qualcuno articoli informazioni esiste possibile",
    // nl
    "bedankt dank hallo graag nodig wil weten zoek iemand artikelen informatie bestaat mogelijk",
    // pt
    "obrigado obrigada ola ajuda preciso quero gostaria saber procuro alguem artigos informacao existe possivel"};

inline bool is_request_word(text::tongue t, std::string_view surface) {
    static auto const lists = [] {
        std::array<std::unordered_set<std::string_view>, text::tongues> out;
        std::ranges::transform(request_lists, out.begin(), text::detail::words_of);
        return out;
    }();
    return lists[static_cast<std::size_t>(t)].contains(surface);
}

} // namespace guichet::inline v0::search::detail
