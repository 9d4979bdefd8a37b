"""Headers and words of other languages than English, as data; the project file chooses them by name.

A phrase of several meanings in a language is left out: the project file can still say what it means.
"""

from collections.abc import Mapping
from typing import Final

from egressc.model.requirements import Role

LANGUAGE_HEADERS: Final[Mapping[str, Mapping[Role, tuple[str, ...]]]] = {
    "de": {
        Role.SERVICE: ("dienst", "dienste", "anwendung", "anwendungen", "komponente", "komponenten"),
        Role.DEPENDENCIES: (
            "benötigt", "braucht", "abhängigkeit", "abhängigkeiten", "abhängig von", "hängt ab von", "ruft auf",
            "spricht mit", "verbindet sich mit", "interne ziele",
        ),
        Role.EXTERNAL: (
            "extern", "externe ziele", "externe abhängigkeiten", "externe dienste", "externer zugriff",
            "externe zugriffe",
        ),
        Role.NAMESPACE: ("namensraum",),
        Role.LISTENS_ON: ("lauscht auf", "hört auf"),
        Role.CALLED_BY: ("aufgerufen von", "aufrufer", "genutzt von", "benötigt von", "verwendet von"),
        Role.SOURCE: ("von", "quelle", "quellsystem", "absender"),
        Role.DESTINATION: ("nach", "ziel", "zielsystem", "empfänger", "gegenstelle"),
        Role.ADDRESS: ("adresse", "adressen", "ip-adresse", "ip-adressen", "netz"),
        Role.PORT: ("zielport", "zielports", "port/protokoll", "protokoll/port"),
        Role.PROTOCOL: ("protokoll", "protokolle"),
        Role.PURPOSE: ("zweck", "beschreibung", "grund", "begründung"),
        Role.NOTES: ("bemerkung", "bemerkungen", "hinweis", "hinweise", "anmerkung", "anmerkungen", "kommentar"),
        Role.DECISION: ("erlaubt", "genehmigt", "zulässig", "freigegeben", "freigabe", "entscheidung", "aktion"),
        Role.DENIAL: ("gesperrt", "verboten", "blockiert"),
        Role.DIRECTION: ("richtung",),
        Role.STATUS: ("zustand", "stand"),
        Role.CONDITION: ("gültig bis", "befristet bis", "umgebung", "bedingung", "ausnahme", "ausnahmen"),
    },
    "es": {
        Role.SERVICE: ("servicio", "servicios", "aplicación", "componente"),
        Role.DEPENDENCIES: ("depende de", "dependencias", "necesita", "requiere", "llama a", "usa", "se conecta a"),
        Role.EXTERNAL: ("externo", "externos", "acceso externo", "servicios externos", "destinos externos"),
        Role.NAMESPACE: ("espacio de nombres",),
        Role.LISTENS_ON: ("escucha en",),
        Role.CALLED_BY: ("llamado por", "usado por", "clientes"),
        Role.SOURCE: ("origen", "desde"),
        Role.DESTINATION: ("destino", "destinos", "hacia", "hasta"),
        Role.ADDRESS: ("dirección ip", "direcciones ip", "red"),
        Role.PORT: ("puerto", "puertos", "puerto de destino", "puerto destino", "puerto/protocolo"),
        Role.PROTOCOL: ("protocolo", "protocolos"),
        Role.PURPOSE: ("propósito", "motivo", "descripción", "razón"),
        Role.NOTES: ("nota", "notas", "observaciones", "comentario", "comentarios"),
        Role.DECISION: ("permitido", "aprobado", "autorizado", "acción", "decisión"),
        Role.DENIAL: ("bloqueado", "denegado", "prohibido"),
        Role.DIRECTION: ("dirección", "sentido"),
        Role.STATUS: ("estado",),
        Role.CONDITION: ("válido hasta", "entorno", "condición", "excepto", "excepciones"),
    },
    "fr": {
        Role.SERVICE: ("composant", "composants", "application", "applications"),
        Role.DEPENDENCIES: ("dépend de", "dépendances", "besoins", "appelle", "nécessite", "utilise", "se connecte à"),
        Role.EXTERNAL: ("externe", "externes", "accès externe", "accès externes", "services externes"),
        Role.NAMESPACE: ("espace de noms",),
        Role.LISTENS_ON: ("écoute sur",),
        Role.CALLED_BY: ("appelé par", "utilisé par", "appelants"),
        Role.SOURCE: ("origine", "depuis"),
        Role.DESTINATION: ("vers", "cible"),
        Role.ADDRESS: ("adresse", "adresses", "adresse ip", "réseau"),
        Role.PORT: ("port de destination", "port/protocole"),
        Role.PROTOCOL: ("protocole", "protocoles"),
        Role.PURPOSE: ("but", "motif", "objet", "raison"),
        Role.NOTES: ("remarque", "remarques", "commentaire", "commentaires"),
        Role.DECISION: ("autorisé", "approuvé", "décision", "permis"),
        Role.DENIAL: ("bloqué", "refusé", "interdit"),
        Role.DIRECTION: ("sens",),
        Role.STATUS: ("statut", "état"),
        Role.CONDITION: ("valable jusqu'au", "environnement", "sauf", "exceptions"),
    },
}  # fmt: skip

# By the keys of `tables.words` in the project file.
LANGUAGE_WORDS: Final[Mapping[str, Mapping[str, tuple[str, ...]]]] = {
    "de": {
        "none": ("keine", "kein", "keiner", "keines", "nichts", "entfällt"),
        "positive": ("ja",),
        "negative": ("nein",),
        "allow": ("erlaubt", "genehmigt", "zugelassen", "freigegeben", "zulässig"),
        "deny": (
            "gesperrt", "verboten", "blockiert", "abgelehnt", "verweigert", "untersagt", "nicht erlaubt",
            "nicht zulässig",
            "nicht freigegeben", "unzulässig", "darf nicht", "verbotene",
        ),
        "pending": ("geplant", "ausstehend", "beantragt", "veraltet", "abgekündigt", "noch nicht", "nicht mehr",
        "bis ende", "vorgesehen",
        "entfernt"),
        "all": ("alle dienste", "alle anwendungen", "alle komponenten"),
        "as above": ("wie oben", "dito", "s. o.", "s.o."),
    },
    "es": {
        "none": ("ninguno", "ninguna", "ningún", "nada", "no aplica"),
        "positive": ("sí", "si"),
        "negative": (),
        "allow": ("permitido", "permitida", "aprobado", "aprobada", "autorizado", "autorizada"),
        "deny": (
            "denegado", "denegada", "bloqueado", "bloqueada", "rechazado", "rechazada", "prohibido", "prohibida",
            "no permitido", "no se permite", "no autorizado", "cerrado", "denegadas", "prohibidas",
        ),
        "pending": ("pendiente", "aún no", "hasta", "planificado", "planificada", "previsto", "prevista", "obsoleto",
        "obsoleta",
        "solicitado"),
        "all": ("todos los servicios", "todas las aplicaciones"),
        "as above": ("ídem",),
    },
    "fr": {
        "none": ("aucun", "aucune", "rien", "néant", "sans objet"),
        "positive": ("oui",),
        "negative": ("non",),
        "allow": ("autorisé", "autorisée", "approuvé", "approuvée", "permis"),
        "deny": ("refusé", "refusée", "bloqué", "bloquée", "interdit", "interdite", "rejeté", "rejetée",
        "non autorisé", "pas autorisé", "non permis", "fermé", "interdits"),
        "pending": ("prévu", "prévue", "à venir", "jusqu'à", "en attente", "planifié", "planifiée", "obsolète",
        "demandé", "demandée"),
        "all": ("tous les services", "toutes les applications"),
        "as above": ("idem",),
    },
}  # fmt: skip
