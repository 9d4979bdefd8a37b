from egressc.helm.fleet import chart_context, fleet_files, fleet_values, split_fleet


def test_texts_are_taken_by_their_length_whatever_is_in_them() -> None:
    texts = ["", "4 4 x", "\n---\n1 1 ab", "日本語\u2028", "{{ end }}"]
    printed = "".join(f"8 {len(text.encode())} c/é.yml{text}" for text in texts)
    assert split_fleet(printed, len(texts)) == [[("c/é.yml", text)] for text in texts]


def test_every_release_has_all_templates() -> None:
    assert split_fleet("1 1 ax1 0 b1 2 ayy1 1 bz", 2) == [[("a", "x"), ("b", "")], [("a", "yy"), ("b", "z")]]


def test_the_fleet_chart_holds_partials_and_dependencies_but_no_schema_and_no_notes() -> None:
    files = {
        "Chart.yaml": b"name: c",
        "README.md": b"",
        "values.yaml": b"a: 1",
        "values.schema.json": b"{}",
        "templates/NOTES.txt": b"notes",
        "templates/_partial.tpl": b"partial",
        "templates/a.yaml": b"kind: {{ .Values.kind }}",
        "charts/l/Chart.yaml": b"name: l",
        "charts/l/values.schema.json": b"{}",
        "charts/l/templates/_x.tpl": b"x",
    }
    fleet = fleet_files("c", files)
    assert sorted(fleet) == [
        "Chart.yaml",
        "charts/l/Chart.yaml",
        "charts/l/templates/_x.tpl",
        "templates/_partial.tpl",
        "templates/fleet.yaml",
    ]
    assert b"kind: {{ .Values.kind }}" in fleet["templates/fleet.yaml"]
    assert b"notes" not in fleet["templates/fleet.yaml"]


def test_templates_see_the_chart_by_the_names_they_use() -> None:
    context = chart_context({"name": "c", "version": "1.2.3", "apiVersion": "v2", "annotations": {"a": "b"}})
    assert (context["Name"], context["Version"], context["APIVersion"]) == ("c", "1.2.3", "v2")
    assert (context["AppVersion"], context["Annotations"], context["IsRoot"]) == ("", {"a": "b"}, True)


def test_releases_stand_in_a_list_so_that_no_name_is_a_key() -> None:
    values = fleet_values({"Name": "c"}, [("a", "shop", {"x": None})])
    assert values == {"chart": {"Name": "c"}, "releases": [{"name": "a", "namespace": "shop", "values": {"x": None}}]}
