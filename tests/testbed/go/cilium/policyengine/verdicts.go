package main

import (
	"fmt"
	"log/slog"
	"math"

	"github.com/cilium/cilium/pkg/endpoint/regeneration"
	envoypolicy "github.com/cilium/cilium/pkg/envoy/policy"
	"github.com/cilium/cilium/pkg/identity"
	"github.com/cilium/cilium/pkg/policy"
	"github.com/cilium/cilium/pkg/policy/types"
	testidentity "github.com/cilium/cilium/pkg/testutils/identity"
	testpolicy "github.com/cilium/cilium/pkg/testutils/policy"
	ports "github.com/cilium/cilium/pkg/types"
	"github.com/cilium/cilium/pkg/u8proto"
)

// decide looks up each flow in the policies of its ends, as the agent would write them into the maps of packet filters.
func decide(logger *slog.Logger, entries types.PolicyEntries, given world, flows []flow) ([]bool, error) {
	ends, err := settle(given, nameSelectors(entries))
	if err != nil {
		return nil, err
	}
	repository := newRepository(logger, ends)
	repository.MustAddPolicyEntries(entries)
	policies := map[string]*policy.EndpointPolicy{}
	policyOf := func(name string) (*policy.EndpointPolicy, error) {
		if policies[name] == nil {
			made, err := computePolicy(logger, repository, ends[name])
			if err != nil {
				return nil, err
			}
			policies[name] = made
		}
		return policies[name], nil
	}
	verdicts := make([]bool, 0, len(flows))
	for _, one := range flows {
		protocol, err := u8proto.ParseProtocol(one.Protocol)
		if err != nil {
			return nil, err
		}
		source, isKnown := ends[one.Source]
		destination, areKnown := ends[one.Destination]
		if !isKnown || !areKnown {
			return nil, fmt.Errorf("flow from %s to %s: nobody has that name", one.Source, one.Destination)
		}
		isAllowed := true
		for _, side := range []struct {
			name   string
			isPod  bool
			packet types.Key
		}{
			{one.Source, source.isPod, policy.EgressKey().WithIdentity(destination.identity.ID)},
			{one.Destination, destination.isPod, policy.IngressKey().WithIdentity(source.identity.ID)},
		} {
			if !side.isPod {
				continue
			}
			its, err := policyOf(side.name)
			if err != nil {
				return nil, err
			}
			entry, _, _ := its.Lookup(side.packet.WithPortProto(protocol, one.Port))
			isAllowed = isAllowed && !entry.IsDeny()
		}
		verdicts = append(verdicts, isAllowed)
	}
	return verdicts, nil
}

// newRepository knows all identities as peers, and pods as those whom policies select.
func newRepository(logger *slog.Logger, ends map[string]endpoint) *policy.Repository {
	peers, subjects := identity.ListReservedIdentities(), identity.IdentityMap{}
	named := ports.NewNamedPortMultiMap()
	for _, end := range ends {
		peers[end.identity.ID] = end.identity.LabelArray
		if end.isPod {
			subjects[end.identity.ID] = end.identity.LabelArray
			named.Update(end.identity.ID, nil, end.ports)
		}
	}
	translator := envoypolicy.NewEnvoyL7RulesTranslator(logger, nil)
	made := policy.NewPolicyRepository(logger, peers, nil, translator, nil, testpolicy.NewPolicyMetricsNoop())
	made.GetSelectorCache().SetLocalIdentityNotifier(testidentity.NewDummyIdentityNotifier())
	made.SetNamedPortsGetter(namedPorts{named})
	made.UpdateIdentities(subjects, nil)
	return made
}

func computePolicy(logger *slog.Logger, repository *policy.Repository, end endpoint) (*policy.EndpointPolicy, error) {
	selected, _, err := repository.ComputeSelectorPolicy(end.identity)
	if err != nil {
		return nil, err
	}
	// The port of a proxy that stands for each: there is none, and its rules are not asked.
	proxies := map[string]uint16{policy.FallbackRedirectID: math.MaxUint16}
	made := selected.DistillPolicy(logger, owner{end}, proxies)
	made.Ready()
	made.Detach(logger)
	selected.Supersede()
	return made, nil
}

type namedPorts struct{ all ports.NamedPortMultiMap }

func (it namedPorts) GetNamedPorts() ports.NamedPortMultiMap { return it.all }

// owner is whom a policy is computed for.
type owner struct{ endpoint }

func (it owner) GetID() uint64 { return uint64(it.identity.ID) }

func (it owner) GetIngressNamedPort(name string, protocol u8proto.U8proto) uint16 {
	// Zero, where the pod has no port of that name, is what the agent takes too.
	port, _ := it.ports.GetNamedPort(name, protocol)
	return port
}

func (owner) IsHost() bool { return false }

func (owner) PolicyDebug(string, ...any) {}

func (owner) PreviousMapStateSizes() policy.MapStateSizes { return policy.MapStateSizes{} }

func (owner) RegenerateIfAlive(*regeneration.ExternalRegenerationMetadata) <-chan bool {
	done := make(chan bool)
	close(done)
	return done
}
