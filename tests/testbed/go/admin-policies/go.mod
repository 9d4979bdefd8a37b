module egressc.test/admin-policies

go 1.26.0

// The last version with AdminNetworkPolicy, which ClusterNetworkPolicy replaces.
require sigs.k8s.io/network-policy-api v0.1.7
