package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"

	strict "sigs.k8s.io/json"
	policyv1alpha2 "sigs.k8s.io/network-policy-api/apis/v1alpha2"

	"github.com/cilium/cilium/pkg/k8s"
	ciliumv2 "github.com/cilium/cilium/pkg/k8s/apis/cilium.io/v2"
	networkingv1 "github.com/cilium/cilium/pkg/k8s/slim/k8s/api/networking/v1"
	"github.com/cilium/cilium/pkg/policy/types"
	"github.com/cilium/cilium/pkg/policy/utils"
)

func parseAll(logger *slog.Logger, manifests []json.RawMessage) (types.PolicyEntries, []refusal) {
	var entries types.PolicyEntries
	var refused []refusal
	for index, manifest := range manifests {
		parsed, err := parse(logger, manifest)
		if err != nil {
			refused = append(refused, refusal{Manifest: index, Message: err.Error()})
			continue
		}
		entries = append(entries, parsed...)
	}
	return entries, refused
}

// parse turns one object into entries of the policy repository, as the agent's watchers do, sanitizer included.
func parse(logger *slog.Logger, manifest []byte) (types.PolicyEntries, error) {
	var kind struct {
		APIVersion string `json:"apiVersion"`
		Kind       string `json:"kind"`
	}
	if err := json.Unmarshal(manifest, &kind); err != nil {
		return nil, err
	}
	switch kind.APIVersion + " " + kind.Kind {
	case "networking.k8s.io/v1 NetworkPolicy":
		// Cilium's type leaves out fields that the agent has no use for, so unknown ones mean nothing here.
		var policy networkingv1.NetworkPolicy
		if err := json.Unmarshal(manifest, &policy); err != nil {
			return nil, err
		}
		return k8s.ParseNetworkPolicy(logger, cluster, &policy)
	case "policy.networking.k8s.io/v1alpha2 ClusterNetworkPolicy":
		var policy policyv1alpha2.ClusterNetworkPolicy
		if err := decodeStrictly(manifest, &policy); err != nil {
			return nil, err
		}
		return k8s.ParseClusterNetworkPolicy(logger, cluster, &policy)
	case "cilium.io/v2 CiliumNetworkPolicy":
		var policy ciliumv2.CiliumNetworkPolicy
		if err := decodeStrictly(manifest, &policy); err != nil {
			return nil, err
		}
		rules, err := policy.Parse(logger, cluster)
		return utils.RulesToPolicyEntries(rules), err
	case "cilium.io/v2 CiliumClusterwideNetworkPolicy":
		var policy ciliumv2.CiliumClusterwideNetworkPolicy
		if err := decodeStrictly(manifest, &policy); err != nil {
			return nil, err
		}
		rules, err := policy.Parse(logger, cluster)
		return utils.RulesToPolicyEntries(rules), err
	}
	return nil, fmt.Errorf("the agent does not read %s %s", kind.APIVersion, kind.Kind)
}

// decodeStrictly refuses unknown fields, which an API server would drop in silence.
func decodeStrictly(manifest []byte, into any) error {
	unknown, err := strict.UnmarshalStrict(manifest, into)
	return errors.Join(append(unknown, err)...)
}
