module egressc.test/policy-kinds

go 1.26.0

require (
	github.com/GoogleCloudPlatform/gke-networking-api v0.2.11
	sigs.k8s.io/network-policy-api v0.3.0
)
