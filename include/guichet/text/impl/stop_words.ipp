#pragma once
#include <guichet/text/analyser.hpp>

#include <array>
#include <string_view>
#include <unordered_set>

namespace guichet::inline v0::text::detail {

/// Words that say little by themselves, folded: the commonest of the lists of Snowball, and the words that ask a
/// question. A negation stays a word: "does not start" is not "starts".
inline constexpr std::array<std::string_view, tongues> stop_lists{
    "",
    // en
    "a an the and or but if of at by for with about against between into through during before after to from in out on "
    "off over under again then once here there when where why how all any both each few more most other some such only "
    "own same so than too very can could will would should shall may might must just do does did doing done is are was "
    "were be been being am have has had having i me my we our ours you your yours he him his she her it its they them "
    "their what which who whom this that these those as until while also get gets got im ive id youre dont doesnt isnt "
    "whats hows theres",
    // fr
    "a au aux avec ce ces cet cette cela ca ci dans de des du elle elles en et eux il ils ici la le les leur leurs lui "
    "ma mais me meme mes mon nos notre nous on ou par pour qu que quel quelle quelles quels qui quoi sa se ses si son "
    "sont sur ta te tes toi ton tu un une vos votre vous c d j l m n s t y est es suis sommes etes ete etre etait "
    "etant "
    "ai as avons avez ont avait avoir eu fait faire faut il-y dont comment pourquoi quand combien lorsque puisque donc "
    "car comme tout tous toute toutes peut puis peux doit dois je moi aussi plus tres alors afin ainsi entre vers chez "
    "lequel laquelle lesquels lesquelles auquel duquel ceux celle celles celui jusqu lorsqu puisqu",
    // de
    "aber als am an auch auf aus bei bin bis bist da damit das dass dein dem den der des dich die dir du durch ein "
    "eine "
    "einem einen einer eines er es fur hab habe haben hat hatte ich ihm ihn ihr im in ins ist ja jede jeder jedes kann "
    "konnen man mein meine meinem meinen meiner mich mir mit muss nach noch nun nur ob oder ohne sehr sein seine sich "
    "sie sind so soll um und uns unser unter vom von vor wann war warum was weil welche welcher welches wenn wer "
    "werden "
    "wie wieder wir wird wo wurde zu zum zur",
    // es
    "a al algo como con cual cuales cuando de del desde donde durante e el ella ellas ellos en entre era es esa ese "
    "eso "
    "esta estas este esto estos esta estan ha han hasta hay la las le les lo los mas me mi mis mucho muy nos o os otra "
    "otro para pero por porque puede puedo que quien se ser si sin sobre son su sus tambien te tiene todo todos tu tus "
    "un una uno unos y ya yo",
    // it
    "a ad ai al alla alle agli allo anche c che chi ci come con cosa cui d da dai dal dalla dalle degli dei del dell "
    "della delle dello di dove e ed era gli ha hanno ho i il in io l la le lei li lo loro lui ma mi mia mie mio nei "
    "nel "
    "nell nella nelle nello noi o per perche piu puo posso quale quali quando quanto quella quello questa questo se "
    "sei "
    "si sia sono su sua sue sugli sui sul sull sulla suo ti tra tu tutti un una uno vi voi",
    // nl
    "aan al als bij dan dat de den der des deze die dit doen door dus een en er had hij hoe hun iemand iets ik in is "
    "ja "
    "je kan kunnen maar me meer men met mij mijn moet na naar nog nu of om onder ons onze ook op over te tot u uit uw "
    "van veel voor waar waarom wanneer want waren was wat we wel welke werd wie wij wil worden wordt zal ze zelf zich "
    "zij zijn zo zou",
    // pt
    "a ao aos as ate com como da das de dela dele deles depois do dos e ela elas ele eles em entre era essa esse esta "
    "este estou eu foi ha isso isto ja lhe mais mas me meu minha muito na nas no nos nossa nosso num numa o onde os ou "
    "para pela pelo por porque pode posso qual quais quando que quem se sem ser seu sua sao so tambem te tem um uma "
    "voce"};

/// What stands before an apostrophe and is no word: elided articles, pronouns and prepositions, folded.
inline constexpr std::array<std::string_view, tongues> elision_lists{
    "", "", "l d j m t s n c qu jusqu lorsqu puisqu quoiqu presqu quelqu",
    "", "", "l d c m t s v un all dall dell nell sull coll quell quest gl n",
    "", "d"};

/// The words of a list.
inline std::unordered_set<std::string_view> words_of(std::string_view list) {
    std::unordered_set<std::string_view> out;
    while (!list.empty()) {
        auto const end = std::min(list.find(' '), list.size());
        out.insert(list.substr(0, end));
        list.remove_prefix(std::min(end + 1, list.size()));
    }
    return out;
}

} // namespace guichet::inline v0::text::detail
