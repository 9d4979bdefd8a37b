"""Terraform and OpenTofu: a module that finds the values files itself.

Source: the provider hashicorp/helm, resource `helm_release`.
"""

import json
from collections.abc import Mapping
from typing import Final

from egressc.emit.scalars import comment
from egressc.exports.project import Chart, ChartInRegistry, ExportedProject
from egressc.model.release_kinds import CLUSTER_FOLDER, NAMESPACES, SERVICES

FOLDER: Final = "terraform"
FILE: Final = f"{FOLDER}/main.tf"

_MODULE: Final = """\
# A module with one release of Helm for each values file. A new service changes no line here. Use it with a configured
# provider: module "network_policies" { source = "./%(folder)s" }
# The baselines of namespaces come after the services, and are destroyed before them. Without its values file, a release
# is destroyed, and its policy with it. %(consequence)s
terraform {
  required_providers {
    helm = {
      source  = "hashicorp/helm"
      version = ">= 2.12"
    }
  }
}

locals {
  values    = "${path.module}/%(values)s"
  files     = setunion(fileset(local.values, "*.yaml"), fileset(local.values, "namespaces/*.yaml")%(more_files)s)
  documents = { for file in local.files : file => yamldecode(file("${local.values}/${file}")) }
  # Files of others name no release.
  releases = {
    for file, document in local.documents : file => document.networkPolicy.release
    if can(document.networkPolicy.release.name)
  }
  services   = { for file, release in local.releases : file => release if dirname(file) == "." }
  namespaces = { for file, release in local.releases : file => release if dirname(file) == "namespaces" }
%(more_locals)s}
"""
# What a module with releases for the whole cluster has besides.
_CLUSTER_FILES: Final = f', fileset(local.values, "{CLUSTER_FOLDER}/*.yaml")'
_OF_CLUSTER: Final = (
    '  %(names)-10s = { for file, release in local.releases : file => release if file == "%(id)s.yaml" }\n'
)
_RESOURCE: Final = """
resource "helm_release" "%(kind)s" {
  for_each = local.%(kind)ss

%(arguments)s
%(after)s}
"""
_RELEASE: Final = {
    "name": "each.value.name",
    "namespace": "each.value.namespace",
    "values": '[file("${local.values}/${each.key}")]',
    "atomic": "true",
}


def export_module(project: ExportedProject) -> Mapping[str, str]:
    """One file, which names no release."""
    text = _MODULE % {
        "folder": comment(project.in_repository(f"{project.settings.folder}/{FOLDER}")),
        "consequence": project.consequence,
        "more_files": _CLUSTER_FILES if project.cluster_kinds else "",
        "more_locals": "".join(_OF_CLUSTER % {"names": f"{it.name}s", "id": it.id} for it in project.cluster_kinds),
        "values": _inside(project.from_folder(project.values, FOLDER)),
    }
    for kind in (SERVICES, NAMESPACES, *project.cluster_kinds):
        arguments = {**_RELEASE, **_chart(project, project.chart_of(kind))}
        width = max(map(len, arguments))
        lines = "\n".join(f"  {key:{width}} = {value}" for key, value in arguments.items())
        after = "" if kind is not NAMESPACES else "\n  depends_on = [helm_release.service]\n"
        text += _RESOURCE % {"kind": kind.name, "arguments": lines, "after": after}
    return {FILE: text}


def _chart(project: ExportedProject, chart: Chart) -> Mapping[str, str]:
    if isinstance(chart, ChartInRegistry):
        parts = {"repository": chart.registry, "chart": chart.name, "version": chart.version}
        return {key: json.dumps(value) for key, value in parts.items()}
    return {"chart": f'"${{path.module}}/{_inside(project.from_folder(chart.folder, FOLDER))}"'}


def _inside(text: str) -> str:
    """The text inside the quotes of a template, where `${` and `%{` begin an expression."""
    return json.dumps(text, ensure_ascii=False)[1:-1].replace("${", "$${").replace("%{", "%%{")
