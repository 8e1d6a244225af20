"""Fill an empty base with invented places around real communes: `make_places.py CONNINFO COUNT`.

The territories must be loaded already. Places fall around communes drawn by their population, at
a distance of a few kilometres; what each offers is drawn at random, value by value, so that nearly
all combinations are different: the hardest case for filters.
"""

import sys
import time

import psycopg

SCHEDULES = """
INSERT INTO schedules (expression, calendar, code, time_zone)
SELECT 'invented ' || rank, '75', '75', 'Europe/Paris' FROM generate_series(1, 1500) AS rank
"""

PLACES = """
WITH town AS MATERIALIZED (
  SELECT row_number() OVER (ORDER BY code) AS rank, code, name, departement, ST_X(point) AS lon,
    ST_Y(point) AS lat, sum(population) OVER (ORDER BY code)::float8 AS until
  FROM territories WHERE type = 'commune' AND population > 0
), towns AS (
  SELECT array_agg(until ORDER BY rank) AS untils, max(until) AS total FROM town
), first_schedule AS (
  SELECT min(id) AS id FROM schedules
), drawn AS MATERIALIZED (
  SELECT rank, 1 + width_bucket(random() * total, untils) AS town, random() AS east, random() AS north,
    random() AS far, random() AS profile
  FROM towns, generate_series(1, %(count)s) AS rank
)
INSERT INTO places (public_id, name, commune, code_insee, departement, typologies, services, publics,
  special_care, fees, programmes, access_modes, support_modes, mobility, equipment, schedule_id,
  source, published_at, point)
SELECT lpad(drawn.rank::text, 10, '0'), 'Lieu ' || drawn.rank, town.name, code, departement,
  ARRAY[(ARRAY['BIB', 'RFS', 'EPN', 'MUNI', 'CCAS', 'CS', 'ASSO', 'TIERS_LIEUX', 'ML', 'LA_POSTE'])[1 + (profile * 9.99)::int]],
  some_of(ARRAY['Aide aux démarches administratives', 'Maîtrise des outils numériques du quotidien',
    'Insertion professionnelle via le numérique', 'Utilisation sécurisée du numérique',
    'Parentalité et éducation avec le numérique', 'Loisirs et créations numériques',
    'Compréhension du monde numérique', 'Accès internet et matériel informatique',
    'Acquisition de matériel informatique à prix solidaire'], 0.4),
  some_of(ARRAY['Jeunes', 'Étudiants', 'Familles et/ou enfants', 'Seniors', 'Femmes'], 0.5),
  some_of(ARRAY['Surdité', 'Handicaps moteurs', 'Handicaps mentaux', 'Illettrisme', 'Déficience visuelle'], 0.1),
  some_of(ARRAY['Gratuit', 'Gratuit sous condition', 'Payant'], 0.5),
  some_of(ARRAY['Aidants Connect', 'Conseillers numériques', 'France Services', 'Certification PIX'], 0.2),
  some_of(ARRAY['Se présenter', 'Téléphoner', 'Contacter par mail'], 0.6),
  some_of(ARRAY['En autonomie', 'Accompagnement individuel', 'Dans un atelier collectif', 'À distance'], 0.5),
  some_of(ARRAY['Fixe'], 0.5),
  some_of(ARRAY['Ordinateurs en libre accès', 'Wifi', 'Imprimante', 'Scanner'], 0.3),
  CASE WHEN far < 0.7 THEN first_schedule.id + (1500 * far / 0.7 * profile)::int END,
  'invente', now(),
  ST_SetSRID(ST_MakePoint(
    lon + 0.05 * far ^ 3 * cos(6.2831853 * east) + 0.004 * (north - 0.5),
    lat + 0.035 * far ^ 3 * sin(6.2831853 * east) + 0.003 * (profile - 0.5)), 4326)
FROM first_schedule, drawn JOIN town ON town.rank = drawn.town
"""

SOME_OF = """
CREATE FUNCTION pg_temp.some_of(listed text[], share float8) RETURNS text[] LANGUAGE plpgsql VOLATILE AS $$
DECLARE
  kept text[] := '{}';
  value text;
BEGIN
  FOREACH value IN ARRAY listed LOOP
    IF random() < share THEN kept := kept || value; END IF;
  END LOOP;
  RETURN kept;
END $$
"""

BULK = 50_000
"""Above this, the pyramid is computed once at the end."""


def fill(connection: psycopg.Connection, count: int) -> None:
    """Add `count` places, all different from one run to the next of the same seed."""
    connection.execute(SOME_OF)
    connection.execute("SELECT setseed(0.5)")
    if not connection.execute("SELECT 1 FROM schedules LIMIT 1").fetchone():
        connection.execute(SCHEDULES)
    if count > BULK:
        connection.execute("ALTER TABLE places DISABLE TRIGGER USER")
    statement = PLACES.replace("some_of(", "pg_temp.some_of(")
    connection.execute(statement, {"count": count})
    if count > BULK:
        connection.execute("ALTER TABLE places ENABLE TRIGGER USER")
        connection.execute("SELECT rebuild_place_cells()")
        connection.execute("UPDATE places SET name = name WHERE false")
    connection.commit()
    connection.autocommit = True
    connection.execute("VACUUM ANALYZE")


if __name__ == "__main__":
    started = time.monotonic()
    with psycopg.connect(sys.argv[1]) as base:
        fill(base, int(sys.argv[2]))
    print(f"{sys.argv[2]} places in {time.monotonic() - started:.0f} s")
