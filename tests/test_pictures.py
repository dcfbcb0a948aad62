"""A browser's own pictures: what is stored, for whom, what is left after deletion, and what comes in a ZIP file."""

import io
import os
import time
import zipfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from own_pictures import files_below
from PIL import Image

from fmnist.dataset import CLASS_NAMES
from fmnist.errors import InputError
from fmnist.inference.picture import Picture, load_picture, read_picture
from fmnist.inference.score import list_labelled_files
from fmnist.pictures import album as albums
from fmnist.pictures import zipped
from fmnist.pictures.album import Album
from fmnist.pictures.names import LONGEST, MOST_NEW, clean_class, find_label, folder_name, parse_folder
from fmnist.pictures.owners import FORGOTTEN_DAYS, all_pictures, folder_of, make_key
from fmnist.pictures.zipped import export_zip, import_entries, list_entries

TEN = dict(enumerate(CLASS_NAMES))


def picture(tone: int = 0, alpha: bool = False) -> Picture:
    pixels = np.full((60, 40, 3), 255, np.uint8)
    pixels[10:50, 10:30] = tone
    return Picture(pixels, alpha=pixels[..., 0] if alpha else None)


@pytest.fixture
def album(own_store: Path) -> Album:
    return Album(folder_of(make_key()))


def zip_of(**files: bytes) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return stream.getvalue()


@given(st.text(max_size=60))
def test_a_class_comes_back_from_the_name_of_its_folder_which_is_safe_everywhere(text):
    name = clean_class(text)
    assert len(name) <= LONGEST
    if name:
        folder = folder_name(10, name)
        assert parse_folder(folder) == (10, name)
        assert not set(folder) & set('/\\:*?"<>|. \0')
        assert len(os.fsencode(folder)) < 255


@pytest.mark.parametrize("folder", ["", "hat", "_hat", "10_", "10_..", "../10_hat", "100_hat", "10_a/b"])
def test_other_folders_are_no_classes(folder):
    assert parse_folder(folder) is None


def test_a_name_means_a_class_that_is_known_or_the_next_new_one():
    assert find_label("t-shirt/TOP", TEN) == 0
    assert find_label("<b>hat</b>", TEN | {10: "b hat b"}) == 10
    assert find_label("Scarf", TEN | {11: "Hat"}) == 10
    with pytest.raises(InputError, match="a name with letters or digits"):
        find_label("/../", TEN)
    with pytest.raises(InputError, match="10 new classes already"):
        find_label("Scarf", TEN | {10 + n: f"Class {n}" for n in range(MOST_NEW)})


def test_a_stored_picture_has_its_pixels_and_nothing_else(album: Album):
    photo = Image.fromarray(picture().pixels)
    exif = photo.getexif()
    exif[0x010E], exif[0x0112] = "taken at home", 3
    stream = io.BytesIO()
    photo.resize((1200, 1800)).save(stream, "JPEG", exif=exif, comment=b"secret")
    stored = album.add(load_picture(stream.getvalue()), "Dress")
    with Image.open(stored.path) as image:
        assert image.size == (224, albums.SIDE)
        assert (image.format, image.info, dict(image.getexif())) == ("PNG", {}, {})


def test_transparency_is_kept(album: Album):
    stored = album.add(picture(alpha=True), "Bag")
    np.testing.assert_array_equal(read_picture(stored.path).alpha, picture(alpha=True).alpha)


def test_the_same_picture_is_there_once_and_changes_its_class(album: Album):
    first, second = album.add(picture(), "Hat"), album.add(picture(), "dress")
    assert first.id == second.id
    assert [(one.label, one.path.parent.name) for one in album.list_pictures()] == [(3, "3_Dress")]
    assert album.class_names() == TEN  # a class without pictures is gone
    album.relabel(first.id, "Hat")
    assert album.class_names() == TEN | {10: "Hat"}


def test_what_is_deleted_leaves_nothing_on_disk(album: Album, own_store: Path):
    kept, gone = album.add(picture(0), "Hat"), album.add(picture(80), "Dress")
    for one in (kept, gone):
        album.features_path(one).parent.mkdir(exist_ok=True)
        album.features_path(one).write_bytes(b"features")
    album.taught.write_bytes(b"a model of both")
    album.remove(gone.id)
    left = files_below(album.folder)
    assert left == ["10_Hat", f"10_Hat/{kept.id}.png", "features", f"features/{kept.id}.npz"]
    album.remove(kept.id)
    assert files_below(own_store) == []


def test_all_are_deleted_at_once(album: Album, own_store: Path):
    album.add(picture(0), "Hat")
    album.taught.write_bytes(b"a model")
    (album.folder / "3_Dress").mkdir()
    (album.folder / "3_Dress" / ".half.png.host.1.tmp").write_bytes(b"half written")
    album.clear()
    album.clear()
    assert files_below(own_store) == []


@pytest.mark.parametrize("change", ["add", "relabel"])
def test_a_model_goes_with_the_pictures_that_it_was_taught_with(album: Album, change):
    stored = album.add(picture(0), "Hat")
    album.taught.write_bytes(b"a model")
    _ = album.add(picture(9), "Hat") if change == "add" else album.relabel(stored.id, "Dress")
    assert not album.taught.exists()


def test_pictures_are_bounded_for_each_browser_and_for_all(album: Album, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(albums, "MOST_PICTURES", 2)
    for tone in (0, 1):
        album.add(picture(tone), "Hat")
    with pytest.raises(InputError, match="2 pictures and 24 MB are the most"):
        album.add(picture(2), "Hat")
    album.add(picture(1), "Dress")  # it is there already
    monkeypatch.setattr(albums, "MOST_BYTES_OF_ALL", 100)
    with pytest.raises(InputError, match="this server holds as many pictures as it may"):
        Album(folder_of(make_key())).add(picture(2), "Hat")


def test_another_key_leads_to_other_pictures(album: Album, own_store: Path):
    key, other = make_key(), make_key()
    Album(folder_of(key)).add(picture(), "Hat")
    assert Album(folder_of(other)).list_pictures() == []
    assert key not in "".join(files_below(own_store))
    for wrong in ("", "../../etc", key[:-1], f"{key}/", "a" * 31 + "/"):
        with pytest.raises(ValueError, match="no key"):
            folder_of(wrong)


def test_pictures_of_two_tabs_come_together(album: Album):
    other = Album(folder_of(make_key()))
    album.add(picture(0), "Hat")
    other.add(picture(9), "Scarf")
    other.add(picture(5), "hat")
    other.add(picture(0), "Dress")  # both have it
    album.take_over(other)
    assert sorted(one.label for one in album.list_pictures()) == [10, 10, 11]
    assert files_below(all_pictures())[0] == album.folder.name
    assert not other.folder.exists()


def test_pictures_that_nobody_can_reach_any_more_are_removed(album: Album):
    album.add(picture(), "Hat")
    long_ago = time.time() - (FORGOTTEN_DAYS + 1) * 24 * 3600
    os.utime(album.folder, (long_ago, long_ago))
    half_removed = album.folder.with_name(".ab.deleted")  # by a process that was killed
    (half_removed / "10_Hat").mkdir(parents=True)
    other = Album(folder_of(make_key()))
    other.add(picture(), "Hat")
    assert [path.name for path in all_pictures().iterdir()] == [other.folder.name]


def test_an_export_is_what_score_reads_and_comes_back_whole(album: Album, tmp_path: Path):
    for tone, name in ((0, "Dress"), (9, "T-shirt/top"), (18, "Woolly hat")):
        album.add(picture(tone), name)
    exported = export_zip(album)
    with zipfile.ZipFile(io.BytesIO(exported)) as archive:
        archive.extractall(tmp_path)
    labelled = list_labelled_files(tmp_path / zipped.FOLDER)
    assert [label for label, _ in labelled] == [0, 3]  # it knows no hats
    other = Album(folder_of(make_key()))
    assert set(import_entries(other, exported, list_entries(exported))) == {""}
    assert other.class_names() == album.class_names()
    assert [(p.label, p.id) for p in other.list_pictures()] == [(p.label, p.id) for p in album.list_pictures()]


def test_a_hostile_zip_writes_nowhere_else_and_its_bad_pictures_are_left_out(album: Album, own_store: Path):
    good = albums.encode(picture())
    data = zip_of(
        **{
            "../../../0_up/a.png": good,
            "/etc/10_<script>/b.png": albums.encode(picture(9)),
            "3_dress/c.png": b"no picture",
            "3_dress/.hidden": good,
            "__MACOSX/3_dress/d.png": good,
            "readme.txt": b"hello",
        }
    )
    told = list(import_entries(album, data, list_entries(data)))
    assert len(told) == 2  # the folder with signs that no class has is none
    assert told[0] == ""
    assert told[1].startswith("c.png: ")
    assert [one.label for one in album.list_pictures()] == [0]
    assert files_below(own_store)[0] == "pictures"
    assert len([*own_store.iterdir()]) == 1


def test_what_is_too_large_or_no_zip_is_refused(monkeypatch: pytest.MonkeyPatch):
    for data in (b"", b"PK\x03\x04 but no more", b"\x89PNG"):
        with pytest.raises(InputError, match="damaged, or no ZIP file"):
            list_entries(data)
    with pytest.raises(InputError, match="no pictures in folders named <index>_<name>"):
        list_entries(zip_of(**{"hats/a.png": b""}))
    monkeypatch.setattr(zipped, "MOST_UNPACKED", 1000)
    with pytest.raises(InputError, match="holds too much"):
        list_entries(zip_of(**{"0_tshirt/a.png": bytes(2000)}))
