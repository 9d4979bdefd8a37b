"""Terraform and OpenTofu: a module that finds the values files itself.

Source: the provider hashicorp/helm, resource `helm_release`.
"""

import json
from collections.abc import Mapping
from typing import Final

from egressc.handover.releases import Chart, Releases

FOLDER: Final = "terraform"
FILE: Final = f"{FOLDER}/main.tf"

_MODULE: Final = """\
# A module with one release of Helm for each values file; a new file needs no change here. Use it with a configured
# provider: module "network_policies" { source = "./%(folder)s" }
# The baselines of namespaces come after the services, and are destroyed before them. A release that is destroyed takes
# its policy with it: pods that no other policy selects can then reach everything.
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
  files     = setunion(fileset(local.values, "*.yaml"), fileset(local.values, "namespaces/*.yaml"))
  documents = { for file in local.files : file => yamldecode(file("${local.values}/${file}")) }
  # Files of others name no release.
  releases = {
    for file, document in local.documents : file => document.networkPolicy.release
    if can(document.networkPolicy.release.name)
  }
  services   = { for file, release in local.releases : file => release if dirname(file) == "." }
  namespaces = { for file, release in local.releases : file => release if dirname(file) == "namespaces" }
}
"""
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


def export_module(fleet: Releases) -> Mapping[str, str]:
    """One file, which names no release."""
    resources = {"service": fleet.service_chart, "namespace": fleet.namespace_chart}
    text = _MODULE % {
        "folder": fleet.in_repository(f"{fleet.settings.folder}/{FOLDER}"),
        "values": _inside(fleet.from_folder(fleet.values, FOLDER)),
    }
    for kind, chart in resources.items():
        arguments = {**_RELEASE, **_chart(fleet, chart)}
        width = max(map(len, arguments))
        lines = "\n".join(f"  {key:{width}} = {value}" for key, value in arguments.items())
        after = "" if kind == "service" else "\n  depends_on = [helm_release.service]\n"
        text += _RESOURCE % {"kind": kind, "arguments": lines, "after": after}
    return {FILE: text}


def _chart(fleet: Releases, chart: Chart) -> Mapping[str, str]:
    if not chart.registry:
        return {"chart": f'"${{path.module}}/{_inside(fleet.from_folder(chart.folder, FOLDER))}"'}
    parts = {"repository": chart.registry, "chart": chart.name, "version": chart.version}
    return {key: json.dumps(value) for key, value in parts.items()}


def _inside(text: str) -> str:
    """The text inside the quotes of a template, where `${` and `%{` begin an expression."""
    return json.dumps(text, ensure_ascii=False)[1:-1].replace("${", "$${").replace("%{", "%%{")
