package main

import (
	"fmt"

	clusterv3 "github.com/envoyproxy/go-control-plane/envoy/config/cluster/v3"
	listenerv3 "github.com/envoyproxy/go-control-plane/envoy/config/listener/v3"

	"istio.io/istio/pilot/pkg/simulation"
)

// No address that a mesh knows.
const elsewhere = "203.0.113.1"

// connection is what the application of a pod opens. Where the pod is a gateway, it is what arrives there, at a port of
// the pod; `peer` is then the pod whose sidecar wraps it in mutual TLS under `serverName`, if any does.
type connection struct {
	Pod      string `json:"pod"`
	Protocol string `json:"protocol"`
	Host     string `json:"host"`
	Port     int    `json:"port"`
	// Address that the host resolves to, "" for one that the mesh does not know.
	Address    string `json:"address"`
	Peer       string `json:"peer"`
	ServerName string `json:"server_name"`
}

// hop is what one proxy does with a connection: the cluster that it sends it to, or why to none.
type hop struct {
	Pod     string `json:"pod"`
	Cluster string `json:"cluster"`
	Error   string `json:"error"`
	// Endpoint of the cluster, one of several.
	Endpoint string `json:"endpoint"`
	// What the proxy itself wraps the connection in: "", "TLS" or "mTLS", and the name that it shows.
	TLS        string `json:"tls"`
	ServerName string `json:"server_name"`
}

// arrival is a connection as one proxy sees it. Inside are what the application speaks, and to which host.
type arrival struct {
	pod     string
	address string
	port    int
	// Who wrapped it in mutual TLS, as its certificate says.
	identity string
	sender   string
	tls      simulation.TLSMode
	sni      string
}

// follow goes from proxy to proxy until the connection leaves the mesh, or ends.
func (it *runningMesh) follow(given connection) ([]hop, error) {
	if given.Protocol != "TLS" && given.Protocol != "HTTP" {
		return nil, fmt.Errorf("a connection speaks TLS or HTTP, not %q", given.Protocol)
	}
	at := arrival{pod: given.Pod, address: given.Address, port: given.Port, sender: elsewhere}
	if at.address == "" {
		at.address = elsewhere
	}
	at.unwrap(given)
	if given.Peer != "" {
		peer, isKnown := it.pods[given.Peer]
		if !isKnown {
			return nil, fmt.Errorf("no pod has the name %s", given.Peer)
		}
		at.identity, at.sender = peer.identity(), it.addresses[given.Peer]
		at.tls, at.sni = simulation.MTLS, given.ServerName
	}
	var path []hop
	for len(path) <= len(it.pods) {
		made, next, err := it.pass(at, given)
		if err != nil {
			return nil, err
		}
		path = append(path, made)
		if next == nil {
			return path, nil
		}
		at = *next
	}
	return append(path, hop{Pod: at.pod, Error: "it was here before"}), nil
}

// unwrap leaves the connection without what proxies wrapped around it.
func (it *arrival) unwrap(given connection) {
	it.identity, it.tls, it.sni = "", simulation.Plaintext, ""
	if given.Protocol == "TLS" {
		it.tls, it.sni = simulation.TLS, given.Host
	}
}

// pass is what one proxy does, and what arrives at the next one; nil where there is none.
func (it *runningMesh) pass(at arrival, given connection) (hop, *arrival, error) {
	made := hop{Pod: at.pod}
	its, err := it.proxyOf(at.pod)
	if err != nil {
		return made, nil, err
	}
	onward := arrival{sender: it.addresses[at.pod], identity: at.identity, tls: at.tls, sni: at.sni}
	var chosen *listenerv3.FilterChain
	onChain := func(chain *listenerv3.FilterChain) error {
		chosen = chain
		seen := at
		if chain.GetTransportSocket() != nil {
			onward.unwrap(given)
		} else {
			// A certificate is for who ends TLS.
			seen.identity = ""
		}
		return checkAccess(chain, seen, given)
	}
	result := its.simulation.Run(it.call(at, given, onChain))
	if result.Error != nil {
		made.Error = result.Error.Error()
		return made, nil, nil
	}
	if result.ClusterMatched == "" {
		made.Error = fmt.Sprintf("no cluster: %s %s", result.VirtualHostMatched, result.RouteMatched)
		return made, nil, nil
	}
	cluster, err := its.cluster(result.ClusterMatched)
	if err != nil {
		return made, nil, err
	}
	targets, err := its.targets(cluster)
	if err != nil {
		return made, nil, err
	}
	if len(targets) == 0 && cluster.GetType() == clusterv3.Cluster_EDS {
		made.Error = cluster.Name + " has no endpoint"
		return made, nil, nil
	}
	if !isResolved(cluster, chosen) {
		made.Error = cluster.Name + " does not learn a name"
		return made, nil, nil
	}
	made.Cluster = cluster.Name
	if len(targets) == 0 {
		return made, nil, nil
	}
	// Endpoints of one cluster are alike: one stands for all.
	one := targets[0]
	onward.address, onward.port = one.address()
	made.Endpoint = fmt.Sprintf("%s:%d", onward.address, onward.port)
	if one.tls != nil {
		made.TLS, made.ServerName = "TLS", one.tls.GetSni()
		onward.tls, onward.sni = simulation.TLS, one.tls.GetSni()
		if isMutual(one.tls) {
			made.TLS, onward.tls, onward.identity = "mTLS", simulation.MTLS, it.pods[at.pod].identity()
		}
	}
	for name, address := range it.addresses {
		if address == onward.address && it.pods[name].IsGateway {
			onward.pod = name
			return made, &onward, nil
		}
	}
	return made, nil, nil
}

func (it *runningMesh) call(
	at arrival, given connection, onChain simulation.CustomFilterChainValidation,
) simulation.Call {
	made := simulation.Call{
		Address:                   at.address,
		Port:                      at.port,
		Protocol:                  simulation.HTTP,
		TLS:                       at.tls,
		Sni:                       at.sni,
		HostHeader:                given.Host,
		CallMode:                  simulation.CallModeOutbound,
		CustomListenerValidations: []simulation.CustomFilterChainValidation{onChain},
	}
	if it.pods[at.pod].IsGateway {
		made.CallMode = simulation.CallModeGateway
	}
	// What a gateway finds inside mutual TLS is not HTTP where it is TLS once more.
	if at.tls == simulation.MTLS && given.Protocol == "TLS" {
		made.Protocol = simulation.TCP
	}
	return made
}
