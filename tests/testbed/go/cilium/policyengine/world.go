package main

import (
	"fmt"
	"net/netip"

	"github.com/cilium/cilium/pkg/fqdn/dns"
	"github.com/cilium/cilium/pkg/identity"
	corev1 "github.com/cilium/cilium/pkg/k8s/slim/k8s/api/core/v1"
	metav1 "github.com/cilium/cilium/pkg/k8s/slim/k8s/apis/meta/v1"
	k8sutils "github.com/cilium/cilium/pkg/k8s/utils"
	"github.com/cilium/cilium/pkg/labels"
	"github.com/cilium/cilium/pkg/labelsfilter"
	"github.com/cilium/cilium/pkg/policy/api"
	"github.com/cilium/cilium/pkg/policy/types"
	ports "github.com/cilium/cilium/pkg/types"
)

// Numbers below are reserved.
const firstPodIdentity = identity.NumericIdentity(1000)

type world struct {
	Namespaces map[string]map[string]string `json:"namespaces"`
	Pods       map[string]pod               `json:"pods"`
	Outside    map[string]place             `json:"outside"`
}

type pod struct {
	Namespace string            `json:"namespace"`
	Labels    map[string]string `json:"labels"`
	Ports     []namedPort       `json:"ports"`
}

type namedPort struct {
	Name     string `json:"name"`
	Protocol string `json:"protocol"`
	Port     int    `json:"port"`
}

// place is what is no pod: an address, the names by which a pod learned it from DNS, or what Cilium knows it to be, as
// "kube-apiserver", "host" or "remote-node".
type place struct {
	Address string   `json:"address"`
	Hosts   []string `json:"hosts"`
	Entity  string   `json:"entity"`
}

type flow struct {
	Source      string `json:"source"`
	Destination string `json:"destination"`
	Protocol    string `json:"protocol"`
	Port        uint16 `json:"port"`
}

// endpoint is one end of a flow; only a pod has policies of its own.
type endpoint struct {
	identity *identity.Identity
	isPod    bool
	ports    ports.NamedPortMap
}

// settle gives everybody an identity, as the agent does: pods with equal labels have the same.
func settle(given world, names []*api.FQDNSelector) (map[string]endpoint, error) {
	found := make(map[string]endpoint, len(given.Pods)+len(given.Outside))
	known := map[string]*identity.Identity{}
	identify := func(those labels.Labels, first identity.NumericIdentity) *identity.Identity {
		key := those.String()
		if known[key] == nil {
			known[key] = identity.NewIdentity(first+identity.NumericIdentity(len(known)), those)
		}
		return known[key]
	}
	for name, one := range given.Pods {
		named := ports.NamedPortMap{}
		for _, port := range one.Ports {
			if err := named.AddPort(port.Name, port.Port, port.Protocol); err != nil {
				return nil, fmt.Errorf("pod %s: %w", name, err)
			}
		}
		those := podLabels(one, given.Namespaces[one.Namespace])
		found[name] = endpoint{identity: identify(those, firstPodIdentity), isPod: true, ports: named}
	}
	for name, one := range given.Outside {
		if _, twice := found[name]; twice {
			return nil, fmt.Errorf("%s is a pod and outside", name)
		}
		// A node is what it is, whatever its address (resolveLabels in pkg/ipcache/metadata.go).
		number := identity.GetReservedID(one.Entity)
		if number != identity.IdentityUnknown && number != identity.ReservedIdentityKubeAPIServer {
			found[name] = endpoint{identity: identity.LookupReservedIdentity(number)}
			continue
		}
		those, err := outsideLabels(one, names)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		found[name] = endpoint{identity: identify(those, identity.MinLocalIdentity)}
	}
	return found, nil
}

func podLabels(given pod, namespace map[string]string) labels.Labels {
	its := map[string]string{"kubernetes.io/metadata.name": given.Namespace}
	for key, value := range namespace {
		its[key] = value
	}
	from := &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: given.Namespace, Labels: its}}
	all := k8sutils.SanitizePodLabels(given.Labels, from, "", cluster)
	// The agent leaves labels out that differ between replicas.
	relevant, _ := labelsfilter.Filter(labels.Map2Labels(all, labels.LabelSourceK8s))
	return relevant
}

// outsideLabels are the address, the family's "world", and each selector of names that one of its names matches.
func outsideLabels(given place, names []*api.FQDNSelector) (labels.Labels, error) {
	those := labels.Labels{}
	if given.Address != "" {
		address, err := netip.ParseAddr(given.Address)
		if err != nil {
			return nil, err
		}
		those = labels.GetCIDRLabels(netip.PrefixFrom(address, address.BitLen()))
	} else {
		those.AddWorldLabel(netip.IPv4Unspecified())
	}
	for _, selector := range names {
		pattern, err := selector.ToRegex()
		if err != nil {
			return nil, err
		}
		for _, host := range given.Hosts {
			if pattern.MatchString(dns.FQDN(host)) {
				label := selector.IdentityLabel()
				those[label.Key] = label
			}
		}
	}
	switch given.Entity {
	case "":
	case labels.IDNameKubeAPIServer:
		those.MergeLabels(labels.LabelKubeAPIServer)
	default:
		return nil, fmt.Errorf("Cilium knows no entity %q", given.Entity)
	}
	return those, nil
}

// nameSelectors are the names that policies speak of, of which the agent would tell its DNS proxy.
func nameSelectors(entries types.PolicyEntries) []*api.FQDNSelector {
	var found []*api.FQDNSelector
	for _, entry := range entries {
		for _, peer := range entry.L3 {
			if selector, isName := peer.GetFQDNSelector(); isName {
				found = append(found, selector)
			}
		}
	}
	return found
}
