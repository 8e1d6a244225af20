"""Source records, places, schedules of hours; what is computed from a place, and what the public sees.

Lock: none, the tables are new.
Time: instant.
Back: the tables go, and with them what was imported.
"""

from alembic import op

revision = "0003"
down_revision = "0002"

# A position is also a number: its Web Mercator square on a grid of 2^31 a side, then both
# coordinates interleaved. The latitude is cut where the Mercator square ends.
POSITIONS = """
CREATE FUNCTION mercator_x31(lon double precision) RETURNS integer
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN least(2147483647, greatest(0, floor((lon + 180) / 360 * 2147483648)))::integer;

CREATE FUNCTION mercator_y31(lat double precision) RETURNS integer
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN least(2147483647, greatest(0, floor(
  (1 - asinh(tan(radians(least(85.0511287798066, greatest(-85.0511287798066, lat))))) / pi()) / 2
  * 2147483648)))::integer;

-- Bits of x on even ranks, of y on odd ones: two of them are a digit of a quadkey.
CREATE FUNCTION morton(x31 integer, y31 integer) RETURNS bigint
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  x bigint := x31;
  y bigint := y31;
BEGIN
  x := (x | (x << 16)) & 281470681808895;
  x := (x | (x << 8)) & 71777214294589695;
  x := (x | (x << 4)) & 1085102592571150095;
  x := (x | (x << 2)) & 3689348814741910323;
  x := (x | (x << 1)) & 6148914691236517205;
  y := (y | (y << 16)) & 281470681808895;
  y := (y | (y << 8)) & 71777214294589695;
  y := (y | (y << 4)) & 1085102592571150095;
  y := (y | (y << 2)) & 3689348814741910323;
  y := (y | (y << 1)) & 6148914691236517205;
  RETURN x | (y << 1);
END $$;
"""

# The lists are written out: what a stored mask means must not change with the code.
MASKS = """
CREATE FUNCTION bits(chosen text[], first integer, vocabulary text[]) RETURNS bigint
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
  total bigint := 0;
  value text;
  rank integer;
BEGIN
  IF chosen IS NULL THEN
    RETURN 0;
  END IF;
  FOREACH value IN ARRAY chosen LOOP
    rank := array_position(vocabulary, value);
    IF rank IS NOT NULL THEN
      total := total | (1::bigint << (first + rank - 1));
    END IF;
  END LOOP;
  RETURN total;
END $$;

CREATE FUNCTION place_mask(
  services text[], publics text[], special_care text[], fees text[], programmes text[],
  access_modes text[], support_modes text[], mobility text[], training_labels text[],
  accessibility_url text, booking_url text
) RETURNS bigint LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
BEGIN
  RETURN bits(services, 0, ARRAY[
      'Aide aux démarches administratives',
      'Maîtrise des outils numériques du quotidien',
      'Insertion professionnelle via le numérique',
      'Utilisation sécurisée du numérique',
      'Parentalité et éducation avec le numérique',
      'Loisirs et créations numériques',
      'Compréhension du monde numérique',
      'Accès internet et matériel informatique',
      'Acquisition de matériel informatique à prix solidaire'
    ])
    | bits(publics, 9, ARRAY[
      'Jeunes',
      'Étudiants',
      'Familles et/ou enfants',
      'Seniors',
      'Femmes'
    ])
    | bits(special_care, 14, ARRAY[
      'Surdité',
      'Handicaps moteurs',
      'Handicaps mentaux',
      'Illettrisme',
      'Langues étrangères (anglais)',
      'Langues étrangères (autres)',
      'Déficience visuelle'
    ])
    | bits(fees, 21, ARRAY[
      'Gratuit',
      'Gratuit sous condition',
      'Payant'
    ])
    | bits(programmes, 24, ARRAY[
      'Aidants Connect',
      'Bibliothèques numérique de référence',
      'Certification PIX',
      'Conseillers numériques',
      'Emmaüs Connect',
      'France Services',
      'Grande école du numérique',
      'La Croix Rouge',
      'Point d''accès numérique CAF',
      'Promeneurs du net',
      'Relais numérique (Emmaüs Connect)'
    ])
    | bits(access_modes, 35, ARRAY[
      'Se présenter',
      'Téléphoner',
      'Contacter par mail',
      'Prendre un RDV en ligne',
      'Ce lieu n''accueille pas de public',
      'Envoyer un mail avec une fiche de prescription'
    ])
    | bits(support_modes, 41, ARRAY[
      'En autonomie',
      'Accompagnement individuel',
      'Dans un atelier collectif',
      'À distance'
    ])
    | bits(mobility, 45, ARRAY[
      'Itinérant',
      'Fixe'
    ])
    | bits(training_labels, 49, ARRAY[
      'Formé à « Mon Espace Santé »',
      'Formé à « DUPLEX » (illettrisme)',
      'Arnia/MedNum BFC (Bourgogne-Franche-Comté)',
      'Collectif ressources et acteurs réemploi (Normandie)',
      'Étapes numériques (La Poste)',
      'Fabriques de Territoire',
      'Les Éclaireurs du numérique (Drôme)',
      'Mes Papiers (Métropole de Lyon)',
      'ORDI 3.0',
      'SUD LABS (PACA)'
    ])
    | CASE WHEN accessibility_url IS NULL THEN 0 ELSE 1::bigint << 47 END
    | CASE WHEN booking_url IS NULL THEN 0 ELSE 1::bigint << 48 END;
END $$;

CREATE FUNCTION place_mask2(equipment text[]) RETURNS integer
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
BEGIN
  RETURN bits(equipment, 0, ARRAY[
      'Ordinateurs en libre accès',
      'Tablettes',
      'Wifi',
      'Imprimante',
      'Scanner',
      'Photocopieuse',
      'Webcam',
      'Casque audio',
      'Vidéoprojecteur',
      'Matériel adapté au handicap',
      'Téléphone à disposition',
      'Espace confidentiel',
      'Imprimante 3D'
    ])::integer;
END $$;
"""

WORDS = """
CREATE FUNCTION place_norm(name text, commune text, address text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN norm(name || ' ' || coalesce(commune, '') || ' ' || coalesce(address, ''));

CREATE FUNCTION place_words(
  name text, commune text, address text, summary text, description text, services text[]
) RETURNS tsvector LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
BEGIN
  RETURN to_tsvector('simple'::regconfig, norm(concat_ws(' ', name, commune, address, summary,
    description, array_to_string(services, ' '))));
END $$;
"""

TABLES = """
CREATE TABLE sources (
  name text NOT NULL,
  title text NOT NULL,
  licence text NOT NULL,
  homepage text,
  imported_at timestamptz,
  CONSTRAINT pk_sources PRIMARY KEY (name)
);

CREATE TABLE schedules (
  id serial NOT NULL,
  expression text NOT NULL,
  calendar text NOT NULL,
  CONSTRAINT pk_schedules PRIMARY KEY (id),
  CONSTRAINT uq_schedules_expression UNIQUE (expression, calendar)
);

CREATE TABLE places (
  id serial NOT NULL,
  public_id text NOT NULL,
  pivot text,
  name text NOT NULL,
  commune text,
  postal_code text,
  code_insee text,
  departement text,
  address text,
  address_extra text,
  typologies text[] NOT NULL DEFAULT '{}',
  phone text,
  emails text[] NOT NULL DEFAULT '{}',
  websites text[] NOT NULL DEFAULT '{}',
  opening_hours text,
  schedule_id integer,
  summary text,
  description text,
  source text,
  mobility text[] NOT NULL DEFAULT '{}',
  parent_structure text,
  updated_on date,
  services text[] NOT NULL DEFAULT '{}',
  publics text[] NOT NULL DEFAULT '{}',
  special_care text[] NOT NULL DEFAULT '{}',
  fees text[] NOT NULL DEFAULT '{}',
  programmes text[] NOT NULL DEFAULT '{}',
  training_labels text[] NOT NULL DEFAULT '{}',
  other_labels text[] NOT NULL DEFAULT '{}',
  access_modes text[] NOT NULL DEFAULT '{}',
  support_modes text[] NOT NULL DEFAULT '{}',
  accessibility_url text,
  booking_url text,
  equipment text[] NOT NULL DEFAULT '{}',
  languages text[] NOT NULL DEFAULT '{}',
  point geometry(Point, 4326),
  on_earth geography(Point, 4326) GENERATED ALWAYS AS (point::geography) STORED,
  x31 integer GENERATED ALWAYS AS (mercator_x31(ST_X(point))) STORED,
  y31 integer GENERATED ALWAYS AS (mercator_y31(ST_Y(point))) STORED,
  qk bigint GENERATED ALWAYS AS (morton(mercator_x31(ST_X(point)), mercator_y31(ST_Y(point)))) STORED,
  mask bigint NOT NULL GENERATED ALWAYS AS (place_mask(services, publics, special_care, fees,
    programmes, access_modes, support_modes, mobility, training_labels, accessibility_url, booking_url)) STORED,
  mask2 integer NOT NULL GENERATED ALWAYS AS (place_mask2(equipment)) STORED,
  norm text COLLATE "C" NOT NULL GENERATED ALWAYS AS (place_norm(name, commune, address)) STORED,
  words tsvector NOT NULL GENERATED ALWAYS AS (place_words(name, commune, address, summary, description, services)) STORED,
  provenance jsonb NOT NULL DEFAULT '{}',
  created_at timestamptz NOT NULL DEFAULT now(),
  changed_at timestamptz NOT NULL DEFAULT now(),
  published_at timestamptz,
  withdrawn_at timestamptz,
  merged_into integer,
  CONSTRAINT pk_places PRIMARY KEY (id),
  CONSTRAINT uq_places_public_id UNIQUE (public_id),
  CONSTRAINT fk_places_schedule_id_schedules FOREIGN KEY (schedule_id) REFERENCES schedules (id),
  CONSTRAINT fk_places_merged_into_places FOREIGN KEY (merged_into) REFERENCES places (id)
);
CREATE INDEX ix_places_on_earth ON places USING gist (on_earth);
CREATE INDEX ix_places_point ON places USING gist (point);
CREATE INDEX ix_places_code_insee ON places (code_insee);
CREATE INDEX ix_places_schedule_id ON places (schedule_id);
CREATE INDEX ix_places_words ON places USING gin (words);
CREATE INDEX ix_places_norm ON places USING gin (norm gin_trgm_ops);
CREATE INDEX ix_places_changed_at ON places (changed_at, id);
CREATE INDEX ix_places_tile ON places (qk) INCLUDE (x31, y31, mask, mask2, schedule_id, id)
  WHERE published_at IS NOT NULL AND withdrawn_at IS NULL AND merged_into IS NULL;

CREATE TABLE source_records (
  id bigserial NOT NULL,
  source text NOT NULL,
  key text NOT NULL,
  place_id integer NOT NULL,
  statements jsonb NOT NULL,
  stated_on date,
  received_at timestamptz NOT NULL DEFAULT now(),
  withdrawn_at timestamptz,
  CONSTRAINT pk_source_records PRIMARY KEY (id),
  CONSTRAINT uq_source_records_source UNIQUE (source, key),
  CONSTRAINT fk_source_records_source_sources FOREIGN KEY (source) REFERENCES sources (name),
  CONSTRAINT fk_source_records_place_id_places FOREIGN KEY (place_id) REFERENCES places (id)
);
CREATE INDEX ix_source_records_place_id ON source_records (place_id);

CREATE TRIGGER note_change AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON places
  FOR EACH STATEMENT EXECUTE FUNCTION note_change('places');
CREATE TRIGGER note_change AFTER UPDATE OR DELETE OR TRUNCATE ON sources
  FOR EACH STATEMENT EXECUTE FUNCTION note_change('places');
"""

# Places that were merged or withdrawn keep their address: the public may know that, and no more.
VIEWS = """
CREATE VIEW public_view.places AS
  SELECT * FROM places
  WHERE published_at IS NOT NULL AND withdrawn_at IS NULL AND merged_into IS NULL;

CREATE VIEW public_view.former_places AS
  SELECT place.public_id, place.name, place.commune, place.withdrawn_at,
    heir.public_id AS merged_into, place.changed_at
  FROM places place LEFT JOIN places heir ON heir.id = place.merged_into
  WHERE place.published_at IS NOT NULL
    AND (place.withdrawn_at IS NOT NULL OR place.merged_into IS NOT NULL);

CREATE VIEW public_view.sources AS SELECT * FROM sources;
CREATE VIEW public_view.schedules AS SELECT * FROM schedules;

GRANT SELECT ON public_view.places, public_view.former_places, public_view.sources,
  public_view.schedules TO geoservice_app, geoservice_public;
GRANT SELECT, INSERT, UPDATE, DELETE ON sources, schedules, places, source_records TO geoservice_app;
GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO geoservice_app;
"""


def upgrade() -> None:
    for statements in (POSITIONS, MASKS, WORDS, TABLES, VIEWS):
        op.execute(statements)


def downgrade() -> None:
    op.execute(
        "DROP VIEW public_view.places, public_view.former_places, public_view.sources, public_view.schedules"
    )
    op.execute("DROP TABLE source_records, places, schedules, sources")
    op.execute("DROP FUNCTION place_words, place_norm, place_mask, place_mask2, bits")
    op.execute("DROP FUNCTION morton, mercator_x31, mercator_y31")
