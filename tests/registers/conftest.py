"""A corner of the country: Lào Cai, two of its communes, and three people."""

from datetime import date

import pytest
from django.conf import settings

from motcua.lib.actors import Actor, Grant
from motcua.organisations.models import Agency, Unit
from motcua.registers.population import actions
from motcua.registers.population.models import Person
from motcua.registers.population.records import PersonRecord
from motcua.registers.records import Basis, Ground, Sex
from motcua.registers.services import Asked

SETUP = Actor.system("tests")
KEEPER = Actor("person:1", grants=frozenset({Grant("registrar", settings.NODE.agency)}))
TAKEOVER = Basis(Ground.TAKEOVER, "CSDL 2025", "G01")
MOTHER, FATHER, WIDOW = "000194000001", "000091000001", "000160000001"
REFORM = date(2025, 7, 1)


@pytest.fixture
def country(db):
    Unit.objects.create(code="15", level=1, kind="Tỉnh", name="Lào Cai", valid_from=REFORM)
    for code, kind, name in (("02683", "Xã", "Bát Xát"), ("03006", "Phường", "Sa Pa")):
        Unit.objects.create(code=code, level=3, kind=kind, name=name, parent_code="15", valid_from=REFORM)
    for code, name, unit in (
        ("H38", "UBND tỉnh Lào Cai", "15"),
        ("H38.02683", "UBND xã Bát Xát", "02683"),
        ("G01", "Bộ Công an", ""),
        ("G15", "Bộ Tư pháp", ""),
    ):
        Agency.objects.create(
            code=code, name_vi=name, short_name=name, level=code.count(".") + 1, unit_code=unit
        )


def person(number: str, **known) -> Person:
    fields = {
        "full_name": "Trần Hạ Mây",
        "sex": Sex.FEMALE,
        "born_on": date(1994, 3, 8),
        "home_town": "Xã Bát Xát, tỉnh Lào Cai",
        "residence": "Thôn Bản Vền, xã Bát Xát, tỉnh Lào Cai",
        "residence_unit": "02683",
    }
    return actions.record_person(
        Person(number=number), by=SETUP, known=PersonRecord(**fields | known), basis=TAKEOVER
    )


@pytest.fixture
def mother(country):
    return person(MOTHER)


@pytest.fixture
def father(country):
    return person(FATHER, full_name="Vàng A Páo", sex=Sex.MALE, born_on=date(1991, 5, 2), ethnicity="Mông")


@pytest.fixture
def asked():
    return Asked(
        asker="H38.02683",
        agency="G01",
        purpose="Đăng ký khai sinh",
        dossier="H38.02683-261120-0001",
        request="request-1",
        by=Actor("person:7", name="Lý Thị Dung"),
    )
