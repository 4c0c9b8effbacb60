"""A PostgreSQL schema shaped as the tables of Aeries in SQL Server (reference "SIS sources", section 2).

Written by hand from the reference and not from the source's own list of columns, so that the two check each other. It
has columns that nobody asks for, and fixed widths where SQL Server pads.
"""

from datetime import datetime

import psycopg

ELEMENTARY, ELEMENTARY_MASTER, MASTER, FLEX = 10, 20, 30, 40
"""The schools of conftest.py, by the shape of their schedules."""
FIRST_DAY, LAST_DAY = datetime(2026, 8, 12), datetime(2027, 6, 3)
"""Of their terms."""

_DDL = """
CREATE SCHEMA dbo;
CREATE TABLE dbo."LOC" ("CD" smallint, "NM" varchar(60), "CC" char(2), "DC" char(5), "SC" char(7), "TG" char(1),
    "DNR" boolean, "E" char(2), "LO" smallint, "HI" smallint, "AD" varchar(60), "DEL" smallint DEFAULT 0);
CREATE TABLE dbo."OPT" ("SC" smallint, "NM" char(60), "CD" varchar(255), "DEL" smallint DEFAULT 0);
CREATE TABLE dbo."TRM" ("SC" smallint, "TM" char(2), "D1" timestamp, "D2" timestamp, "H1" timestamp, "H2" timestamp,
    "DEL" smallint DEFAULT 0);
CREATE TABLE dbo."CRS" ("CN" char(10), "CO" varchar(60), "DE" text, "DC" char(6), "S1" char(40), "S2" char(40),
    "C3" char(6), "TG" char(1), "DEL" smallint DEFAULT 0);
CREATE TABLE dbo."STF" ("ID" integer, "SID" char(10), "EM" char(80), "AEM" varchar(80), "FN" char(40), "LN" char(60),
    "MN" char(40), "TG" char(1), "PSC" smallint, "LD" timestamp, "BD" timestamp, "DEL" smallint DEFAULT 0);
CREATE TABLE dbo."UGN" ("SID" integer, "EM" varchar(80), "UN" varchar(40), "PW" varchar(200), "UTY" varchar(20),
    "DEL" smallint DEFAULT 0);
CREATE TABLE dbo."TCH" ("SC" smallint, "TN" integer, "TE" char(60), "TF" char(40), "TLN" char(60), "EM" char(80),
    "ID" integer, "ID2" integer, "ID3" integer, "TG" char(1), "RM" char(6), "DEL" smallint DEFAULT 0);
CREATE TABLE dbo."FTF" ("SC" smallint, "SQ" integer, "YR" char(9), "STI" char(20), "DE" varchar(60),
    "DEL" smallint DEFAULT 0);
CREATE TABLE dbo."MST" ("SC" smallint, "SE" integer, "PD" char(2), "BL" char(2), "FSQ" integer, "CN" char(10),
    "SM" char(2), "TN" integer, "TN2" integer, "TN3" integer, "SR1" char(3), "SR2" char(3), "SR3" char(3),
    "PC" boolean, "STG" char(1), "TG" smallint, "DEL" smallint DEFAULT 0);
CREATE TABLE dbo."SSE" ("SC" smallint, "SE" integer, "ID" integer, "PR" boolean, "SR" char(3), "SAC" boolean,
    "SD" timestamp, "ED" timestamp, "TG" char(1), "STR" boolean, "DEL" smallint DEFAULT 0);
CREATE TABLE dbo."STU" ("SC" smallint, "SN" integer, "ID" integer, "CID" char(20), "LN" char(60), "FN" char(40),
    "MN" char(40), "GR" smallint, "TG" char(1), "CU" integer, "CNS" integer, "ED" timestamp, "LD" timestamp,
    "BD" timestamp, "SP" char(1), "DEL" smallint DEFAULT 0);
CREATE TABLE dbo."CAR" ("SC" smallint, "SN" integer, "SQ" integer, "SE" integer, "CN" char(10), "DS" timestamp,
    "DE" timestamp, "DEL" smallint DEFAULT 0);
CREATE TABLE dbo."SEC" ("SC" smallint, "SN" integer, "SE" integer, "DEL" smallint DEFAULT 0);
CREATE TABLE dbo."SGD" ("GI" char(20), "GN" varchar(80), "GD" varchar(255), "DX" date, "CM" boolean, "CG" boolean,
    "DEL" smallint DEFAULT 0);
CREATE TABLE dbo."SGM" ("GI" char(20), "ID" integer, "DEL" smallint DEFAULT 0);
CREATE TABLE dbo."SGS" ("GI" char(20), "ID" integer, "DEL" smallint DEFAULT 0);
"""
"""In SQL Server check boxes are bits, dates datetime or smalldatetime; the id of a student group is a number there."""


def create_tables(connection: psycopg.Connection) -> None:
    """In a schema `dbo` that is not there yet."""
    connection.execute(_DDL.encode())


def drop_tables(connection: psycopg.Connection) -> None:
    """And whatever else lies in `dbo`."""
    connection.execute("DROP SCHEMA IF EXISTS dbo CASCADE")


def put(connection: psycopg.Connection, table: str, **cells: object) -> None:
    """One row, such as `put(connection, "STU", SC=10, SN=1)`; what is not given is NULL, and not deleted."""
    columns = ", ".join(f'"{name}"' for name in cells)
    places = ", ".join(["%s"] * len(cells))
    connection.execute(f'INSERT INTO dbo."{table}" ({columns}) VALUES ({places})'.encode(), list(cells.values()))
