"""The dialect CalicoStaged: NetworkPolicies that enforce nothing yet, as Calico's StagedKubernetesNetworkPolicies."""
