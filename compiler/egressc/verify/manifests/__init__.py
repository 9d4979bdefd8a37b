"""Values into policies, pods, Services and namespaces, checked as the API server checks them."""
