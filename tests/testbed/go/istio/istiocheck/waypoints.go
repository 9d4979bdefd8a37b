package main

import (
	"fmt"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	gatewayv1 "sigs.k8s.io/gateway-api/apis/v1"

	"istio.io/api/label"
	networking "istio.io/api/networking/v1alpha3"
	networkingclient "istio.io/client-go/pkg/apis/networking/v1"
	"istio.io/istio/pilot/pkg/features"
	"istio.io/istio/pilot/pkg/model"
	"istio.io/istio/pkg/config/constants"
	"istio.io/istio/pkg/config/host"
	"istio.io/istio/pkg/config/schema/gvk"
)

const hbonePort = 15008

// useAmbient turns ambient mode on, as PILOT_ENABLE_AMBIENT does, until the returned function is called.
func useAmbient() func() {
	features.EnableAmbient, features.EnableAmbientWaypoints = true, true
	return func() { features.EnableAmbient, features.EnableAmbientWaypoints = false, false }
}

func hasWaypoint(pods map[string]pod) bool {
	for _, one := range pods {
		if one.IsWaypoint {
			return true
		}
	}
	return false
}

// addAmbient adds what Istio's own controllers write: the address of each ServiceEntry, and of each Gateway of the
// Gateway API a Service and its status. Ambient mode reads ServiceEntries from the API server, not from pilot's store.
func (it *manifests) addAmbient() {
	addresses := 0
	for index, one := range it.configs {
		if one.GroupVersionKind != gvk.ServiceEntry {
			continue
		}
		spec := one.Spec.(*networking.ServiceEntry)
		status := &networking.ServiceEntryStatus{}
		for _, name := range spec.Hosts {
			addresses++
			value := fmt.Sprintf("240.240.%d.%d", addresses/250, addresses%250+1)
			status.Addresses = append(status.Addresses, &networking.ServiceEntryAddress{Value: value, Host: name})
		}
		it.configs[index].Status = status
		it.objects = append(it.objects, &networkingclient.ServiceEntry{
			TypeMeta:   metav1.TypeMeta{APIVersion: "networking.istio.io/v1", Kind: "ServiceEntry"},
			ObjectMeta: one.ToObjectMeta(),
			Spec:       *spec.DeepCopy(),
			Status:     *status.DeepCopy(),
		})
	}
	var services []runtime.Object
	for _, one := range it.objects {
		gateway, isGateway := one.(*gatewayv1.Gateway)
		if !isGateway {
			continue
		}
		kind, name := gatewayv1.HostnameAddressType, gateway.Name+"."+gateway.Namespace+".svc.cluster.local"
		gateway.Status.Addresses = []gatewayv1.GatewayStatusAddress{{Type: &kind, Value: name}}
		services = append(services, &corev1.Service{
			TypeMeta: metav1.TypeMeta{APIVersion: "v1", Kind: "Service"},
			ObjectMeta: metav1.ObjectMeta{
				Name: gateway.Name, Namespace: gateway.Namespace, Labels: waypointLabels(gateway.Name),
			},
			Spec: corev1.ServiceSpec{
				Selector: map[string]string{label.IoK8sNetworkingGatewayGatewayName.Name: gateway.Name},
				Ports:    []corev1.ServicePort{{Name: "mesh", Port: hbonePort, Protocol: corev1.ProtocolTCP}},
			},
		})
	}
	it.objects = append(it.objects, services...)
}

func waypointLabels(gateway string) map[string]string {
	return map[string]string{
		label.IoK8sNetworkingGatewayGatewayName.Name: gateway,
		label.GatewayManaged.Name:                    constants.ManagedGatewayMeshControllerLabel,
	}
}

// behindWaypoint are the addresses of the services that a waypoint is for, by host: ztunnels connect to these.
func (it *runningMesh) behindWaypoint(node *model.Proxy) map[string]string {
	found := map[string]string{}
	push := it.pilot.PushContext()
	for _, one := range push.ServicesForWaypoint(model.WaypointKeyForProxy(node)) {
		service := push.ServiceIndex.HostnameAndNamespace[host.Name(one.Service.Hostname)][one.Service.Namespace]
		if service != nil {
			found[one.Service.Hostname] = service.GetAddressForProxy(node)
		}
	}
	return found
}
