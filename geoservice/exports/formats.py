"""The files that the whole directory can be downloaded as."""

from dataclasses import dataclass
from typing import Any

from geoservice.exports.writers import (
    CompleteCsv,
    GeoJson,
    Gpkg,
    NationalCsv,
    NationalJson,
    Services,
    Structures,
    Writer,
    Xlsx,
)


@dataclass(frozen=True)
class Format:
    name: str
    """In the terminal and in addresses."""
    filename: str
    media_type: str
    title: str
    use: str
    """For whom, in one French sentence."""
    writer: type[Any]
    """Called with the address of the service; gives a Writer."""

    def write(self, public_url: str) -> Writer:
        return self.writer(public_url)


FORMATS = {
    one.name: one
    for one in (
        Format(
            "xlsx",
            "lieux.xlsx",
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            "Tableur (XLSX)",
            "Pour Excel ou LibreOffice : tous les champs, et une feuille qui explique les colonnes.",
            Xlsx,
        ),
        Format(
            "csv",
            "lieux-schema-national.csv",
            "text/csv; charset=utf-8",
            "Schéma national (CSV)",
            "Le standard 1.0.2 des lieux de médiation numérique, tel que data.gouv.fr le valide.",
            NationalCsv,
        ),
        Format(
            "json",
            "lieux-schema-national.json",
            "application/json",
            "Schéma national (JSON)",
            "Le même contenu, pour un programme.",
            NationalJson,
        ),
        Format(
            "complet",
            "lieux-complet.csv",
            "text/csv; charset=utf-8",
            "Complet (CSV)",
            "Le schéma national, plus nos champs : équipements et langues ; aucun lieu n’y manque.",
            CompleteCsv,
        ),
        Format(
            "geojson",
            "lieux.geojson",
            "application/geo+json",
            "Carte web (GeoJSON)",
            "Pour une carte sur un site, ou uMap.",
            GeoJson,
        ),
        Format(
            "gpkg",
            "lieux.gpkg",
            "application/geopackage+sqlite3",
            "Cartographie (GeoPackage)",
            "Pour QGIS et les autres logiciels de cartographie.",
            Gpkg,
        ),
        Format(
            "structures",
            "structures-inclusion.json",
            "application/json",
            "data·inclusion, structures (JSON)",
            "Le schéma v1 de l’offre d’insertion : une structure par lieu.",
            Structures,
        ),
        Format(
            "services",
            "services-inclusion.json",
            "application/json",
            "data·inclusion, services (JSON)",
            "Le schéma v1 de l’offre d’insertion : un service par lieu dont l’aide est connue.",
            Services,
        ),
    )
}
