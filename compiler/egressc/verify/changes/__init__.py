"""What changes between two sets of policies, service by service and destination by destination."""
