/// Thirty French and thirty English questions of a support desk, each with the article that must come first.
#include <guichet/search/index.hpp>

#include <doctest/doctest.h>

#include <string>
#include <vector>

namespace search = guichet::search;
namespace text = guichet::text;

namespace {

struct article {
    char const *id, *title, *body;
};
struct question {
    char const *typed, *first;
};

void check(text::tongue language, std::vector<article> const& articles, std::vector<question> const& questions) {
    search::index in{{.synonym = search::synonyms::of(
                          "vpn = r\u00E9seau priv\u00E9 virtuel\nmfa = two factor\nwi-fi = sans fil = wireless\n")}};
    std::vector<search::document> all;
    for (auto const& one : articles) {
        search::document d{.id = one.id, .kind = "article", .language = language};
        d[search::field::title] = one.title;
        d[search::field::body] = one.body;
        all.push_back(std::move(d));
    }
    in.add(all);
    CHECK(questions.size() == 30);
    for (auto const& one : questions) {
        std::string const typed{one.typed}, first{one.first};
        CAPTURE(typed);
        auto const got = in.now().find({.text = one.typed, .who = {{}, true}, .language = language});
        CHECK_FALSE(got.hits.empty());
        if (!got.hits.empty())
            CHECK(got.hits[0].id == first);
    }
}

std::vector<article> const french{
    {"imprimante", "L'imprimante n'imprime plus",
     "V\u00E9rifiez le papier et le toner, videz la file d'attente puis red\u00E9marrez le spouleur."},
    {"bourrage", "Bourrage papier", "Ouvrez le capot, retirez la feuille coinc\u00E9e et refermez le bac."},
    {"mdp", "Mot de passe oubli\u00E9",
     "R\u00E9initialisez votre mot de passe depuis le portail libre-service avec votre num\u00E9ro de "
     "t\u00E9l\u00E9phone."},
    {"compte", "Compte verrouill\u00E9 apr\u00E8s plusieurs tentatives",
     "Attendez quinze minutes ou demandez au support de d\u00E9verrouiller la session."},
    {"vpn", "Le VPN ne se connecte pas",
     "Contr\u00F4lez le certificat, puis relancez le client. Erreur 809 : le pare-feu bloque le port."},
    {"wifi", "Pas de Wi-Fi au bureau", "Oubliez le r\u00E9seau sans fil et reconnectez-vous avec votre identifiant."},
    {"boite", "Bo\u00EEte aux lettres pleine",
     "Archivez les anciens courriels et videz la corbeille pour lib\u00E9rer de l'espace."},
    {"signature", "Changer la signature des courriels", "Dans Outlook, ouvrez Options puis Signatures."},
    {"partage", "Acc\u00E8s refus\u00E9 \u00E0 un dossier partag\u00E9",
     "Demandez les droits au propri\u00E9taire du dossier sur le serveur de fichiers."},
    {"restaurer", "Restaurer un fichier supprim\u00E9",
     "Clic droit, versions pr\u00E9c\u00E9dentes ; la sauvegarde garde trente jours."},
    {"ecran", "Le deuxi\u00E8me \u00E9cran reste noir",
     "Branchez le c\u00E2ble HDMI sur la station d'accueil et \u00E9tendez l'affichage."},
    {"lent", "L'ordinateur est lent",
     "Red\u00E9marrez, fermez les programmes inutiles, contr\u00F4lez la m\u00E9moire et le disque."},
    {"bleu", "\u00C9cran bleu 0x0000007E",
     "Un pilote est fautif : d\u00E9marrez en mode sans \u00E9chec et d\u00E9sinstallez-le."},
    {"maj", "\u00C9chec de la mise \u00E0 jour KB5034441",
     "Agrandissez la partition de r\u00E9cup\u00E9ration, puis relancez Windows Update."},
    {"telephone", "Le t\u00E9l\u00E9phone IP ne sonne pas",
     "V\u00E9rifiez le renvoi d'appel et le mode ne pas d\u00E9ranger."},
    {"visio", "Le micro ne marche pas en visioconf\u00E9rence",
     "Choisissez le bon casque dans les r\u00E9glages audio de Teams."},
    {"badge", "Badge perdu", "D\u00E9clarez la perte \u00E0 l'accueil, le badge sera d\u00E9sactiv\u00E9."},
    {"logiciel", "Installer un logiciel",
     "Ouvrez le portail d'entreprise et choisissez l'application ; les droits d'administrateur ne sont pas "
     "n\u00E9cessaires."},
    {"phishing", "Signaler un courriel frauduleux", "Ne cliquez pas sur le lien, utilisez le bouton hame\u00E7onnage."},
    {"conges", "Poser un cong\u00E9 dans l'intranet",
     "Menu Absences, nouvelle demande, validation par le responsable."}};

std::vector<question> const french_questions{{"mon imprimante ne veut plus imprimer", "imprimante"},
                                             {"imprimente en panne", "imprimante"},
                                             {"file d'attente d'impression bloqu\u00E9e", "imprimante"},
                                             {"papier coinc\u00E9", "bourrage"},
                                             {"bourrages", "bourrage"},
                                             {"j'ai oubli\u00E9 mon mot de passe", "mdp"},
                                             {"reinitialiser mot de pase", "mdp"},
                                             {"compte bloqu\u00E9 trop de tentatives", "compte"},
                                             {"d\u00E9verrouiller ma session", "compte"},
                                             {"vpn erreur 809", "vpn"},
                                             {"r\u00E9seau priv\u00E9 virtuel impossible", "vpn"},
                                             {"connexion VPN", "vpn"},
                                             {"wifi", "wifi"},
                                             {"le sans-fil ne marche pas", "wifi"},
                                             {"ma bo\u00EEte mail est pleine", "boite"},
                                             {"modifier signature outlook", "signature"},
                                             {"acc\u00E8s au dossier partag\u00E9 refus\u00E9", "partage"},
                                             {"r\u00E9cup\u00E9rer un fichier supprim\u00E9 par erreur", "restaurer"},
                                             {"second \u00E9cran noir", "ecran"},
                                             {"pc tr\u00E8s lent", "lent"},
                                             {"0x0000007E", "bleu"},
                                             {"ecran bleu au demarrage", "bleu"},
                                             {"KB5034441", "maj"},
                                             {"mise a jour windows \u00E9choue", "maj"},
                                             {"t\u00E9l\u00E9phone ne sonne plus", "telephone"},
                                             {"on ne m'entend pas, micro teams", "visio"},
                                             {"j'ai perdu mon badge", "badge"},
                                             {"installation d'un logiciel", "logiciel"},
                                             {"courriel suspect hame\u00E7onage", "phishing"},
                                             {"comment poser mes cong\u00E9s", "conges"}};

std::vector<article> const english{
    {"printer", "The printer does not print", "Check paper and toner, clear the queue, then restart the spooler."},
    {"jam", "Paper jam", "Open the cover, take out the sheet and close the tray."},
    {"password", "Forgotten password", "Reset your password in the self-service portal with your phone number."},
    {"locked", "Account locked after too many attempts", "Wait fifteen minutes or ask the support desk to unlock it."},
    {"mfa", "MFA code is not accepted", "Check the clock of the phone; register the authenticator again."},
    {"vpn", "VPN does not connect",
     "Check the certificate and restart the client. Error 809: the firewall blocks the port."},
    {"wifi", "No Wi-Fi in the office", "Forget the wireless network and join again with your account."},
    {"mailbox", "Mailbox is full", "Archive old mails and empty the bin to free space."},
    {"signature", "Change your mail signature", "In Outlook open Options, then Signatures."},
    {"share", "Access denied to a shared folder", "Ask the owner of the folder on the file server for permission."},
    {"restore", "Restore a deleted file", "Right click, previous versions; the backup keeps thirty days."},
    {"screen", "Second screen stays black", "Plug the HDMI cable into the docking station and extend the display."},
    {"slow", "The computer is slow", "Restart, close unused programs, check memory and disk."},
    {"blue", "Blue screen 0x0000007E", "A driver is at fault: start in safe mode and remove it."},
    {"update", "Update KB5034441 fails", "Enlarge the recovery partition, then run Windows Update again."},
    {"npe", "NullPointerException when exporting a report", "Upgrade the reporting module to v2.3.1."},
    {"phone", "The IP phone does not ring", "Check call forwarding and do not disturb."},
    {"micro", "Microphone does not work in meetings", "Choose the right headset in the audio settings of Teams."},
    {"install", "Install software",
     "Open the company portal and choose the application; administrator rights are not needed."},
    {"phishing", "Report a fraudulent mail", "Do not click the link, use the phishing button."}};

std::vector<question> const english_questions{{"my printer is not printing", "printer"},
                                              {"pritner broken", "printer"},
                                              {"clear print queue", "printer"},
                                              {"restart spooler", "printer"},
                                              {"paper stuck jam", "jam"},
                                              {"i forgot my password", "password"},
                                              {"pasword reset", "password"},
                                              {"account locked", "locked"},
                                              {"unlock my account please", "locked"},
                                              {"two factor code refused", "mfa"},
                                              {"authenticator", "mfa"},
                                              {"error 809", "vpn"},
                                              {"cannot connect to the vpn", "vpn"},
                                              {"wireless not working", "wifi"},
                                              {"wifi", "wifi"},
                                              {"mailbox full cannot receive mails", "mailbox"},
                                              {"outlook signature", "signature"},
                                              {"permission to shared folder", "share"},
                                              {"recover deleted files", "restore"},
                                              {"second monitor screen black", "screen"},
                                              {"computer very slow", "slow"},
                                              {"0x0000007e", "blue"},
                                              {"bluescreen driver", "blue"},
                                              {"kb5034441", "update"},
                                              {"null pointer exception export", "npe"},
                                              {"v2.3.1", "npe"},
                                              {"phone doesn't ring", "phone"},
                                              {"microphone in teams meeting", "micro"},
                                              {"how do i install an application", "install"},
                                              {"suspicious mail phishing link", "phishing"}};

} // namespace

TEST_CASE("given articles of a French support desk, when people ask, then the right one comes first") {
    check(text::tongue::fr, french, french_questions);
}

TEST_CASE("given articles of an English support desk, when people ask, then the right one comes first") {
    check(text::tongue::en, english, english_questions);
}
