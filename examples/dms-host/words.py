"""What the product says, in English and French."""

WORDS = {
    # written by the product onto tickets and sheets
    "may_not_open": ("you may not open {document}", "vous ne pouvez pas ouvrir {document}"),
    "resolved": ("{number} resolved: {text}", "{number} résolu : {text}"),
    "batch_failed": (
        "Batch {batch}: OCR failed on {count} documents",
        "Lot {batch} : échec de l'OCR sur {count} documents",
    ),
    "not_read": ("{document}: OCR read nothing", "{document} : l'OCR n'a rien lu"),
    # documents
    "invoice": ("Invoice {document}", "Facture {document}"),
    "contract": ("Employment contract {document}", "Contrat de travail {document}"),
    "procedure_page": ("A page is missing in a scan", "Il manque une page dans un scan"),
    "procedure_page_text": (
        "Take the paper from the tray, scan all pages again as the next version, then answer the requester.",
        "Reprenez le papier dans le bac, numérisez toutes les pages en une nouvelle version, puis répondez au "
        "demandeur.",
    ),
    "procedure_page_new": (
        "Ask for the paper at the mail room, scan all pages again as the next version, then answer the requester.",
        "Demandez le papier au service du courrier, numérisez toutes les pages en une nouvelle version, puis répondez "
        "au demandeur.",
    ),
    # what people say
    "mail_room": ("mail room", "courrier"),
    "page_missing": ("Page 2 of the scan is missing", "Il manque la page 2 du scan"),
    "page_missing_text": ("I cannot pay it like this.", "Je ne peux pas la payer ainsi."),
    "salary": ("The salary cannot be read", "Le salaire est illisible"),
    "salary_text": ("Line 12 is black.", "La ligne 12 est noire."),
    "mended": ("Here is the whole invoice.", "Voici la facture entière."),
    "glass": ("The glass was dirty; all was scanned again.", "La vitre était sale ; tout a été relu."),
    "curious": ("What does he earn?", "Combien gagne-t-il ?"),
    # what the day tells
    "title": ("A day in an archive", "Une journée aux archives"),
    "step_report": ("Ana, in accounts, reports a scan", "Ana, à la comptabilité, signale un scan"),
    "same_scan": (
        "The ticket holds the scan of the document: {contents} contents in the archive, as before.",
        "Le ticket tient le scan du document : {contents} contenus aux archives, comme avant.",
    ),
    "suggested": ("For Luc the archive has: {titles}", "Pour Luc, les archives ont : {titles}"),
    "step_private": (
        "Chloé reports a contract that Luc may not open",
        "Chloé signale un contrat que Luc ne peut pas ouvrir",
    ),
    "refused": ("Ana asks about it, too: {reason}", "Ana veut en parler aussi : {reason}"),
    "step_batch": (
        "The morning's batch: the scanner's glass is dirty",
        "Le lot du matin : la vitre du scanner est sale",
    ),
    "again": ("The batch once more: still {count} tickets", "Le même lot encore une fois : toujours {count} tickets"),
    "step_mend": ("Luc scans the invoice again", "Luc numérise la facture de nouveau"),
    "sheet": ("The sheet of {document}: {lines}", "La fiche de {document} : {lines}"),
    "step_glass": ("Eva cleans the glass; the batch is read again", "Eva nettoie la vitre ; le lot est relu"),
    "step_rights": ("Ana goes to another department", "Ana change de service"),
    "step_procedure": ("A procedure gets a new version", "Une procédure reçoit une nouvelle version"),
    "found": ("{person} searches \"{typed}\": {titles}", "{person} cherche « {typed} » : {titles}"),
    "nothing": ("nothing", "rien"),
    "step_forget": (
        "The first scan showed somebody else's account: it goes for good",
        "Le premier scan montrait le compte d'un autre : il part pour de bon",
    ),
    "kept": (
        "Destroyed in the archive, it is still on the ticket: {contents} contents",
        "Détruit aux archives, il est encore sur le ticket : {contents} contenus",
    ),
    "gone": ("Erased on the ticket, too: {contents} contents", "Effacé du ticket aussi : {contents} contenus"),
    "sees": ("{person} sees", "{person} voit"),
    "sound": ("The log is whole: {events} events.", "Le journal est entier : {events} événements."),
    "open": ("open", "ouvert"),
    "done": ("done", "fini"),
}


def speaker(language):
    """say(key, **values) in a language."""
    place = ("en", "fr").index(language)

    def say(key, **values):
        return WORDS[key][place].format(**values)

    return say
