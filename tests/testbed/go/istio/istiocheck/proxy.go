package main

import (
	"encoding/json"
	"fmt"
	"slices"
	"testing"

	clusterv3 "github.com/envoyproxy/go-control-plane/envoy/config/cluster/v3"
	endpointv3 "github.com/envoyproxy/go-control-plane/envoy/config/endpoint/v3"
	listenerv3 "github.com/envoyproxy/go-control-plane/envoy/config/listener/v3"
	httpforwardv3 "github.com/envoyproxy/go-control-plane/envoy/extensions/filters/http/dynamic_forward_proxy/v3"
	hcmv3 "github.com/envoyproxy/go-control-plane/envoy/extensions/filters/network/http_connection_manager/v3"
	tcpforwardv3 "github.com/envoyproxy/go-control-plane/envoy/extensions/filters/network/sni_dynamic_forward_proxy/v3"
	tlsv3 "github.com/envoyproxy/go-control-plane/envoy/extensions/transport_sockets/tls/v3"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/anypb"

	"istio.io/istio/pilot/pkg/model"
	"istio.io/istio/pilot/pkg/simulation"
	"istio.io/istio/pilot/test/xds"
)

// proxy is one Envoy with the configuration that pilot gives it.
type proxy struct {
	simulation *simulation.Simulation
	endpoints  map[string]*endpointv3.ClusterLoadAssignment
	behind     map[string]string
}

// configuration is all that pilot sends to one Envoy, as Envoy's own JSON. Of a waypoint, `behind` are the addresses of
// the services that it is for, by host.
type configuration struct {
	Behind    map[string]string `json:"behind,omitempty"`
	Listeners []json.RawMessage `json:"listeners"`
	Clusters  []json.RawMessage `json:"clusters"`
	Routes    []json.RawMessage `json:"routes"`
	Endpoints []json.RawMessage `json:"endpoints"`
}

func newProxy(pilot *xds.FakeDiscoveryServer, node *model.Proxy) *proxy {
	// The simulator uses a test only to fail it, which panics here.
	made := &proxy{
		simulation: simulation.NewSimulation(new(testing.T), pilot, node),
		endpoints:  map[string]*endpointv3.ClusterLoadAssignment{},
	}
	for _, one := range pilot.Endpoints(node) {
		made.endpoints[one.ClusterName] = one
	}
	return made
}

func (it *proxy) configuration() (made configuration, err error) {
	made.Behind = it.behind
	endpoints := make([]*endpointv3.ClusterLoadAssignment, 0, len(it.endpoints))
	for _, name := range sortedNames(it.endpoints) {
		endpoints = append(endpoints, it.endpoints[name])
	}
	if made.Listeners, err = marshal(it.simulation.Listeners); err != nil {
		return
	}
	if made.Clusters, err = marshal(it.simulation.Clusters); err != nil {
		return
	}
	if made.Routes, err = marshal(it.simulation.Routes); err != nil {
		return
	}
	made.Endpoints, err = marshal(endpoints)
	return
}

func marshal[T proto.Message](messages []T) ([]json.RawMessage, error) {
	made := make([]json.RawMessage, 0, len(messages))
	for _, message := range messages {
		text, err := protojson.Marshal(message)
		if err != nil {
			return nil, err
		}
		made = append(made, text)
	}
	return made, nil
}

// target is where a cluster leads: the addresses of its endpoints, and the TLS that Envoy begins on the way there.
type target struct {
	endpoint *endpointv3.LbEndpoint
	tls      *tlsv3.UpstreamTlsContext
}

func (it *proxy) targets(cluster *clusterv3.Cluster) ([]target, error) {
	assigned := cluster.GetLoadAssignment()
	if cluster.GetType() == clusterv3.Cluster_EDS {
		assigned = it.endpoints[cluster.Name]
	}
	var found []target
	for _, locality := range assigned.GetEndpoints() {
		for _, endpoint := range locality.GetLbEndpoints() {
			context, err := tlsContext(cluster, endpoint)
			if err != nil {
				return nil, err
			}
			found = append(found, target{endpoint, context})
		}
	}
	return found, nil
}

func (it *proxy) cluster(name string) (*clusterv3.Cluster, error) {
	for _, one := range it.simulation.Clusters {
		if one.Name == name {
			return one, nil
		}
	}
	return nil, fmt.Errorf("pilot's configuration has no cluster %s", name)
}

func (it target) address() (string, int) {
	socket := it.endpoint.GetEndpoint().GetAddress().GetSocketAddress()
	return socket.GetAddress(), int(socket.GetPortValue())
}

// tlsContext is how Envoy wraps connections to one endpoint; nil for not at all.
func tlsContext(cluster *clusterv3.Cluster, endpoint *endpointv3.LbEndpoint) (*tlsv3.UpstreamTlsContext, error) {
	socket := cluster.GetTransportSocket()
	for _, match := range cluster.GetTransportSocketMatches() {
		if isMatched(match, endpoint) {
			socket = match.TransportSocket
			break
		}
	}
	if socket == nil || socket.GetTypedConfig().MessageName() == "envoy.extensions.transport_sockets.raw_buffer.v3.RawBuffer" {
		return nil, nil
	}
	context := &tlsv3.UpstreamTlsContext{}
	return context, socket.GetTypedConfig().UnmarshalTo(context)
}

func isMatched(match *clusterv3.Cluster_TransportSocketMatch, endpoint *endpointv3.LbEndpoint) bool {
	its := endpoint.GetMetadata().GetFilterMetadata()["envoy.transport_socket_match"].GetFields()
	for key, value := range match.GetMatch().GetFields() {
		if !proto.Equal(its[key], value) {
			return false
		}
	}
	return true
}

func isMutual(socket *tlsv3.UpstreamTlsContext) bool {
	common := socket.GetCommonTlsContext()
	return len(common.GetTlsCertificateSdsSecretConfigs())+len(common.GetTlsCertificates()) > 0
}

// filtersOf are the filters of a chain, and those inside of its HTTP connection manager.
func filtersOf(chain *listenerv3.FilterChain) []proto.Message {
	var found []proto.Message
	for _, filter := range chain.GetFilters() {
		message := unpack(filter.GetTypedConfig())
		found = append(found, message)
		if manager, isHTTP := message.(*hcmv3.HttpConnectionManager); isHTTP {
			for _, inner := range manager.GetHttpFilters() {
				found = append(found, unpack(inner.GetTypedConfig()))
			}
		}
	}
	return found
}

// unpack panics at a filter that this program does not know.
func unpack(packed *anypb.Any) proto.Message {
	message, err := packed.UnmarshalNew()
	if err != nil {
		panic(err)
	}
	return message
}

// isResolved is whether a chain tells a cluster of names which one to resolve, where the cluster is one. Without, Envoy
// closes the connection: pilot writes such filters for sidecars and waypoints, not for gateways.
func isResolved(cluster *clusterv3.Cluster, chain *listenerv3.FilterChain) bool {
	if cluster.GetClusterType().GetName() != "envoy.clusters.dynamic_forward_proxy" {
		return true
	}
	return slices.ContainsFunc(filtersOf(chain), func(filter proto.Message) bool {
		switch filter.(type) {
		case *tcpforwardv3.FilterConfig, *httpforwardv3.FilterConfig:
			return true
		}
		return false
	})
}
