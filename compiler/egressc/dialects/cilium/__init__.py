"""CiliumNetworkPolicy and CiliumClusterwideNetworkPolicy of cilium.io/v2: also with names, entities, denials."""
