"""The translation check catches every way a text can miss its catalogue."""

import pytest

CATALOGUE = "resources/translations/da/LC_MESSAGES/workstation.po"
HEADER = """msgid ""
msgstr ""
"Language: da\\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\\n"
"Content-Type: text/plain; charset=utf-8\\n"

"""
CODE = "def show(_, label):\n    label.setText(_('Taken by {name}'))\n"
TRANSLATED = HEADER + 'msgid "Taken by {name}"\nmsgstr "Taget af {name}"\n'

FAULTY_CATALOGUES = {
    "missing 'Taken by {name}'": HEADER,
    "not translated": HEADER + 'msgid "Taken by {name}"\nmsgstr ""\n',
    "placeholders differ": HEADER + 'msgid "Taken by {name}"\nmsgstr "Taget af {navn}"\n',
    "fuzzy": HEADER + '#, fuzzy\nmsgid "Taken by {name}"\nmsgstr "Taget af {name}"\n',
    "nobody says 'Gone'": TRANSLATED + '\nmsgid "Gone"\nmsgstr "Væk"\n',
    "obsolete": TRANSLATED + '\n#~ msgid "Gone"\n#~ msgstr "Væk"\n',
}

FAULTY_CODE = {
    "label.setText('Hang up')": "'Hang up'",
    "label.setToolTip(f'Call {label}')": "'Call '",
    "label.setText('taken' if label else 'free')": "'taken'",
    "label.setAccessibleName('queue')": "'queue'",
    "show(title='Alarms', label=1)": "'Alarms'",
    "EMPTY = 'No alarms right now.'": "'No alarms right now.'",
    "_(f'Taken by {label}')": "an f-string cannot be looked up",
    "KEY = 'læg på'": "Danish belongs in the catalogue",
}

HARMLESS = [
    "label.setObjectName('queue')",
    "label.setText('+')",
    "label.setText('')",
    "log.warning('The broker went away')",
    "raise KeyError('No such column here')",
    "KEY = 'alarm/queue'",
    "FONTS = ('Noto Sans', 'Segoe UI')",
    "show(text='#E3E8EC', label=1)",
    "'''Vis køen på skærmen.'''",
    "show(_('Taken by {name}'), label)",
]


@pytest.mark.parametrize(("fault", "catalogue"), FAULTY_CATALOGUES.items())
def test_a_faulty_catalogue_is_refused(plant, guard, fault, catalogue):
    tree = plant({"ui/view.py": CODE, CATALOGUE: catalogue})
    verdict = guard("translations.py", "--root", tree)
    assert verdict.returncode == 1, verdict.stdout
    assert fault in verdict.stdout


@pytest.mark.parametrize(("line", "complaint"), FAULTY_CODE.items())
def test_a_text_that_bypasses_the_catalogue_is_refused(plant, guard, line, complaint):
    tree = plant({"ui/view.py": CODE + line + "\n", CATALOGUE: TRANSLATED})
    verdict = guard("translations.py", "--root", tree)
    assert verdict.returncode == 1, verdict.stdout
    assert "ui/view.py:3" in verdict.stdout
    assert complaint in verdict.stdout


def test_what_nobody_reads_is_left_alone(plant, guard):
    tree = plant({"ui/view.py": "\n".join([CODE, *HARMLESS, ""]), CATALOGUE: TRANSLATED})
    verdict = guard("translations.py", "--root", tree)
    assert verdict.returncode == 0, verdict.stdout


def test_plurals_may_say_one_in_words(plant, guard):
    counted = "def show(ngettext, n):\n    return ngettext('one alarm', '{n} alarms', n)\n"
    translated = 'msgid "one alarm"\nmsgid_plural "{n} alarms"\n'
    right = 'msgstr[0] "én alarm"\nmsgstr[1] "{n} alarmer"\n'
    wrong = 'msgstr[0] "én alarm"\nmsgstr[1] "alarmer"\n'
    tree = plant({"ui/view.py": counted, CATALOGUE: HEADER + translated + right})
    assert guard("translations.py", "--root", tree).returncode == 0
    tree = plant({CATALOGUE: HEADER + translated + wrong})
    assert "placeholders differ" in guard("translations.py", "--root", tree).stdout


def test_update_adds_what_is_new_and_keeps_what_is_translated(plant, guard):
    more = CODE + "    label.setToolTip(_('New here'))\n"
    tree = plant({"ui/view.py": more, CATALOGUE: TRANSLATED})
    verdict = guard("translations.py", "--root", tree, "--update")
    assert verdict.stdout.splitlines() == [f"{CATALOGUE}: not translated: 'New here'"]
    assert 'msgstr "Taget af {name}"' in (tree / CATALOGUE).read_text(encoding="utf-8")


def test_a_tree_without_texts_is_a_mistake(plant, guard):
    verdict = guard("translations.py", "--root", plant({"ui/view.py": ""}))
    assert verdict.returncode == 1
