"""`motcua procedures …`: what the terminal says and does."""

import json
import lzma
import re
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from motcua.procedures import life
from motcua.procedures.loading import catalogue_files
from motcua.procedures.models import Draft, Version
from tests.procedures.samples import bent, written
from tests.procedures.test_national import REAL, SAMPLES

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


def said(*arguments):
    output = StringIO()
    call_command("procedures", *map(str, arguments), stdout=output, stderr=output)
    return output.getvalue()


def test_check_of_the_catalogue_finds_no_fault():
    first, second = said("check").splitlines()
    assert first == f"{len(catalogue_files()) + len(life.files())} files, no fault."
    count, codes = int(second.split(" ")[0]), second.rpartition(": ")[2].split(" ")
    assert (count, codes) == (len(codes), life.not_shipped())
    assert not {"1.001612", "1.002425"} & set(codes)


def test_check_prints_each_fault_with_its_line_and_fails(tmp_path):
    output = StringIO()
    path = written(tmp_path, bent("max: 20", "mux: 20"))
    with pytest.raises(CommandError, match=re.escape("1 faults.")):
        call_command("procedures", "check", str(path), stdout=output)
    assert output.getvalue() == (
        f"{path}:18: form[1].fields[1].mux: no such key: check its spelling, or take it out\n"
    )


def test_load_publishes_the_catalogue_and_the_second_time_nothing(settings):
    count = len(catalogue_files())
    assert said("load") == f"{count} published, 0 unchanged.\n"
    unpaid = Version.objects.filter(hindrances__contains=["no_payment"]).count()
    settings.NODE = settings.NODE.model_copy(update={"bank_account": "970499 0000000000019 KHO BAC THU"})
    again = f"{unpaid} judged again, because the ways to pay at this node have changed."
    assert said("load") == f"0 published, {count} unchanged.\n{again}\n"
    assert Version.objects.offered().count() == count


def test_show_prints_content_and_steps():
    said("load")
    shown = said("show", "2.000986")
    assert "KQ.G18.000047" in shown
    assert "Issue the health insurance card" in shown
    assert "24 working hours" in shown


def test_show_of_an_unknown_code_says_so():
    with pytest.raises(CommandError, match=re.escape("No procedure 9.999999 is published.")):
        said("show", "9.999999")


def test_search_finds_in_force_today():
    said("load")
    found = said("search", "ket", "hon")
    assert "1.000894" in found
    assert "Register a marriage" in found


LAST_LINE = (
    "Read 2: understood 1, with raw text left 1 (cach_thuc_thuc_hien 1, thanh_phan_ho_so 1, cap_thuc_hien 1,"
    " doi_tuong_thuc_hien 1, ket_qua_xu_ly 1, can_cu_phap_ly 1), failed 0."
)


def test_import_says_what_became_of_every_record():
    assert said("import", SAMPLES) == f"{LAST_LINE} Published 2, unchanged 0, offered here already 0.\n"
    assert said("import", SAMPLES) == f"{LAST_LINE} Published 0, unchanged 2, offered here already 0.\n"


def test_a_dry_run_reads_and_publishes_nothing():
    assert said("import", "--dry-run", SAMPLES).startswith("Read 2: understood 1")
    assert Version.objects.count() == 0


def test_a_packed_file_is_unpacked_and_later_lines_win(tmp_path):
    packed = tmp_path / "portal.jsonl.xz"
    line = json.loads(SAMPLES.read_text("utf-8").splitlines()[0])
    again = line | {"ten_thu_tuc": "Cấp lại giấy phép nuôi rồng"}
    packed.write_bytes(lzma.compress("\n\n".join(json.dumps(one) for one in (line, again)).encode()))
    said("import", packed)
    assert [version.name_vi for version in Version.objects.all()] == ["Cấp lại giấy phép nuôi rồng"]


def test_records_that_cannot_be_read_are_named_and_the_rest_is_taken(tmp_path):
    broken = tmp_path / "portal.jsonl"
    broken.write_text(SAMPLES.read_text("utf-8") + '{"ma_thu_tuc": "x"}\nno json\n[]\n', "utf-8")
    output = StringIO()
    with pytest.raises(CommandError, match=re.escape("3 records could not be read.")):
        call_command("procedures", "import", str(broken), stdout=output, stderr=output)
    assert "3: ma_thu_tuc “x”" in output.getvalue()
    assert "failed 3" in output.getvalue()
    assert Version.objects.count() == 2


def test_a_file_that_is_not_there_is_said_plainly(tmp_path):
    with pytest.raises(CommandError, match="No such file"):
        said("import", tmp_path / "nothing.jsonl")


@pytest.mark.skipif(not REAL.exists(), reason="the portal's real records are not part of the repository")
def test_every_real_record_of_the_portal_is_taken():
    said("load")
    last = said("import", REAL).splitlines()[-1]
    numbers = {
        name: int(count) for name, count in re.findall(r"(Read|understood|left|failed|already) (\d+)", last)
    }
    assert numbers["Read"] == 610
    assert numbers["understood"] + numbers["left"] == 610
    assert numbers["understood"] >= 400
    assert numbers["failed"] == 0
    with lzma.open(REAL, "rt", encoding="utf-8") as records:
        recorded = {json.loads(line)["ma_thu_tuc"] for line in records}
    ours = {path.stem for path in catalogue_files()}
    assert numbers["already"] == len(ours & recorded) > 40
    assert Version.objects.latest().count() == len(ours | recorded)
    residence = Version.objects.coded("1.004222").get(source="file")
    assert [fee.amount for fee in residence.definition.fees] == [10000, 20000]


def test_files_become_drafts_all_of_them_or_none(tmp_path):
    path = written(tmp_path)
    with pytest.raises(CommandError, match=r"none\.yaml"):
        said("load", path, tmp_path / "none.yaml")
    assert not Draft.objects.exists()
    assert said("load", path, "--agency", "H38") == "1 drafts, to be proposed and approved at the desk.\n"
    assert [(one.code, one.owner, one.state) for one in Draft.objects.all()] == [("9.000001", "H38", "draft")]
    with pytest.raises(CommandError):
        said("load", written(tmp_path, bent("max: 20", "mux: 20")))
