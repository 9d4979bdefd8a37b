package main

import (
	"encoding/json"
	"fmt"
	"sort"

	corev1 "k8s.io/api/core/v1"
	discoveryv1 "k8s.io/api/discovery/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/util/intstr"

	"istio.io/istio/pilot/pkg/model"
	"istio.io/istio/pilot/test/xds"
	"istio.io/istio/pkg/config/mesh"
	"istio.io/istio/pkg/test"
)

// What the proxies say of themselves.
const istioVersion = "1.31.0"

// pod runs a proxy of Istio: a sidecar, a gateway, or a waypoint, which has the labels of its Gateway.
type pod struct {
	Namespace      string            `json:"namespace"`
	Labels         map[string]string `json:"labels"`
	ServiceAccount string            `json:"service_account"`
	IsGateway      bool              `json:"is_gateway"`
	IsWaypoint     bool              `json:"is_waypoint"`
}

func (it pod) identity() string {
	return fmt.Sprintf("spiffe://cluster.local/ns/%s/sa/%s", it.Namespace, it.ServiceAccount)
}

// runningMesh is pilot with its objects, and the proxies that were asked for so far.
type runningMesh struct {
	pilot     *xds.FakeDiscoveryServer
	pods      map[string]pod
	addresses map[string]string
	proxies   map[string]*proxy
}

func startMesh(t test.Failer, given manifests, settings json.RawMessage, pods map[string]pod) (*runningMesh, error) {
	configuration, err := mesh.ApplyMeshConfigDefaults(string(settings))
	if err != nil {
		return nil, err
	}
	made := &runningMesh{pods: pods, addresses: map[string]string{}, proxies: map[string]*proxy{}}
	if hasWaypoint(pods) {
		t.Cleanup(useAmbient())
		given.addAmbient()
	}
	objects := given.objects
	for index, name := range sortedNames(pods) {
		made.addresses[name] = fmt.Sprintf("10.1.%d.%d", index/250, index%250+1)
		objects = append(objects, podObject(name, pods[name], made.addresses[name]))
	}
	for index, object := range given.objects {
		if service, isService := object.(*corev1.Service); isService && len(service.Spec.Selector) > 0 {
			if service.Spec.ClusterIP == "" {
				service.Spec.ClusterIP = fmt.Sprintf("10.96.%d.%d", index/250, index%250+1)
			}
			slice, err := made.endpointSlice(service)
			if err != nil {
				return nil, err
			}
			objects = append(objects, slice)
		}
	}
	made.pilot = xds.NewFakeDiscoveryServer(t, xds.FakeOptions{
		Configs:           given.configs,
		KubernetesObjects: objects,
		MeshConfig:        configuration,
	})
	return made, nil
}

func sortedNames[T any](those map[string]T) []string {
	names := make([]string, 0, len(those))
	for name := range those {
		names = append(names, name)
	}
	sort.Strings(names)
	return names
}

func podObject(name string, given pod, address string) runtime.Object {
	return &corev1.Pod{
		TypeMeta:   metav1.TypeMeta{APIVersion: "v1", Kind: "Pod"},
		ObjectMeta: metav1.ObjectMeta{Name: name, Namespace: given.Namespace, Labels: given.Labels},
		Spec:       corev1.PodSpec{ServiceAccountName: given.ServiceAccount, NodeName: "node"},
		Status: corev1.PodStatus{
			Phase:      corev1.PodRunning,
			PodIP:      address,
			PodIPs:     []corev1.PodIP{{IP: address}},
			Conditions: []corev1.PodCondition{{Type: corev1.PodReady, Status: corev1.ConditionTrue}},
		},
	}
}

// endpointSlice is what Kubernetes' own controller would write for a Service.
func (it *runningMesh) endpointSlice(service *corev1.Service) (*discoveryv1.EndpointSlice, error) {
	made := &discoveryv1.EndpointSlice{
		TypeMeta: metav1.TypeMeta{APIVersion: "discovery.k8s.io/v1", Kind: "EndpointSlice"},
		ObjectMeta: metav1.ObjectMeta{
			Name:      service.Name,
			Namespace: service.Namespace,
			Labels:    map[string]string{discoveryv1.LabelServiceName: service.Name},
		},
		AddressType: discoveryv1.AddressTypeIPv4,
	}
	for _, port := range service.Spec.Ports {
		if port.TargetPort.Type == intstr.String {
			return nil, fmt.Errorf("service %s: ports of pods have no names here", service.Name)
		}
		number := port.TargetPort.IntVal
		if number == 0 {
			number = port.Port
		}
		made.Ports = append(made.Ports, discoveryv1.EndpointPort{Name: &port.Name, Port: &number, Protocol: &port.Protocol})
	}
	isReady := true
	for _, name := range sortedNames(it.pods) {
		one := it.pods[name]
		if one.Namespace == service.Namespace && labels.SelectorFromSet(service.Spec.Selector).Matches(labels.Set(one.Labels)) {
			made.Endpoints = append(made.Endpoints, discoveryv1.Endpoint{
				Addresses:  []string{it.addresses[name]},
				Conditions: discoveryv1.EndpointConditions{Ready: &isReady},
				TargetRef:  &corev1.ObjectReference{Kind: "Pod", Name: name, Namespace: one.Namespace},
			})
		}
	}
	return made, nil
}

// proxyOf makes the proxy of a pod known to pilot, once.
func (it *runningMesh) proxyOf(name string) (*proxy, error) {
	given, isKnown := it.pods[name]
	if !isKnown {
		return nil, fmt.Errorf("no pod has the name %s", name)
	}
	if it.proxies[name] == nil {
		node := &model.Proxy{
			ID:              name + "." + given.Namespace,
			Type:            model.SidecarProxy,
			ConfigNamespace: given.Namespace,
			Labels:          given.Labels,
			IPAddresses:     []string{it.addresses[name]},
			Metadata: &model.NodeMetadata{
				Namespace:      given.Namespace,
				Labels:         given.Labels,
				ServiceAccount: given.ServiceAccount,
				ClusterID:      "Kubernetes",
				IstioVersion:   istioVersion,
			},
		}
		if given.IsGateway {
			node.Type = model.Router
		}
		if given.IsWaypoint {
			node.Type = model.Waypoint
		}
		node = it.pilot.SetupProxy(node)
		it.proxies[name] = newProxy(it.pilot, node)
		if given.IsWaypoint {
			it.proxies[name].behind = it.behindWaypoint(node)
		}
	}
	return it.proxies[name], nil
}

// warnings are what pilot counts as conflicts while it makes configuration.
func (it *runningMesh) warnings() []string {
	var found []string
	status := it.pilot.PushContext().ProxyStatus
	for _, kind := range sortedNames(status) {
		for _, subject := range sortedNames(status[kind]) {
			found = append(found, fmt.Sprintf("%s: %s %s", kind, subject, status[kind][subject].Message))
		}
	}
	return found
}
