package main

import (
	"fmt"
	"net/netip"
	"regexp"
	"strings"

	corev3 "github.com/envoyproxy/go-control-plane/envoy/config/core/v3"
	listenerv3 "github.com/envoyproxy/go-control-plane/envoy/config/listener/v3"
	rbacv3 "github.com/envoyproxy/go-control-plane/envoy/config/rbac/v3"
	routev3 "github.com/envoyproxy/go-control-plane/envoy/config/route/v3"
	httprbacv3 "github.com/envoyproxy/go-control-plane/envoy/extensions/filters/http/rbac/v3"
	tcprbacv3 "github.com/envoyproxy/go-control-plane/envoy/extensions/filters/network/rbac/v3"
	matcherv3 "github.com/envoyproxy/go-control-plane/envoy/type/matcher/v3"
)

// checkAccess says what the filters for access of a chain (envoy.config.rbac.v3) make of a connection; nil for nothing.
// It panics at a rule that it does not know: no verdict is better than a wrong one.
func checkAccess(chain *listenerv3.FilterChain, at arrival, given connection) error {
	for _, filter := range filtersOf(chain) {
		var one *rbacv3.RBAC
		switch it := filter.(type) {
		case *tcprbacv3.RBAC:
			one = it.GetRules()
		case *httprbacv3.RBAC:
			one = it.GetRules()
		}
		if one == nil {
			continue
		}
		isMatched := false
		name := ""
		for key, policy := range one.GetPolicies() {
			if permits(policy.GetPermissions(), at, given) && names(policy.GetPrincipals(), at) {
				isMatched, name = true, key
			}
		}
		switch {
		case one.Action == rbacv3.RBAC_ALLOW && !isMatched:
			return fmt.Errorf("access denied: no policy allows it")
		case one.Action == rbacv3.RBAC_DENY && isMatched:
			return fmt.Errorf("access denied: %s", name)
		}
	}
	return nil
}

// permits is whether one of the permissions does.
func permits(those []*rbacv3.Permission, at arrival, given connection) bool {
	for _, one := range those {
		if isPermitted(one, at, given) {
			return true
		}
	}
	return false
}

func isPermitted(one *rbacv3.Permission, at arrival, given connection) bool {
	switch rule := one.GetRule().(type) {
	case *rbacv3.Permission_Any:
		return rule.Any
	case *rbacv3.Permission_AndRules:
		for _, part := range rule.AndRules.GetRules() {
			if !isPermitted(part, at, given) {
				return false
			}
		}
		return true
	case *rbacv3.Permission_OrRules:
		return permits(rule.OrRules.GetRules(), at, given)
	case *rbacv3.Permission_NotRule:
		return !isPermitted(rule.NotRule, at, given)
	case *rbacv3.Permission_DestinationPort:
		return int(rule.DestinationPort) == at.port
	case *rbacv3.Permission_RequestedServerName:
		return isText(rule.RequestedServerName, at.sni)
	case *rbacv3.Permission_Header:
		return isHeader(rule.Header, given)
	}
	panic(fmt.Sprintf("a permission %T", one.GetRule()))
}

// names is whether one of the principals is who opened the connection.
func names(those []*rbacv3.Principal, at arrival) bool {
	for _, one := range those {
		if isNamed(one, at) {
			return true
		}
	}
	return false
}

func isNamed(one *rbacv3.Principal, at arrival) bool {
	switch rule := one.GetIdentifier().(type) {
	case *rbacv3.Principal_Any:
		return rule.Any
	case *rbacv3.Principal_AndIds:
		for _, part := range rule.AndIds.GetIds() {
			if !isNamed(part, at) {
				return false
			}
		}
		return true
	case *rbacv3.Principal_OrIds:
		return names(rule.OrIds.GetIds(), at)
	case *rbacv3.Principal_NotId:
		return !isNamed(rule.NotId, at)
	case *rbacv3.Principal_Authenticated_:
		wanted := rule.Authenticated.GetPrincipalName()
		return at.identity != "" && (wanted == nil || isText(wanted, at.identity))
	case *rbacv3.Principal_DirectRemoteIp:
		return isWithin(rule.DirectRemoteIp, at.sender)
	case *rbacv3.Principal_RemoteIp:
		return isWithin(rule.RemoteIp, at.sender)
	}
	panic(fmt.Sprintf("a principal %T", one.GetIdentifier()))
}

func isWithin(network *corev3.CidrRange, address string) bool {
	prefix := fmt.Sprintf("%s/%d", network.GetAddressPrefix(), network.GetPrefixLen().GetValue())
	return netip.MustParsePrefix(prefix).Contains(netip.MustParseAddr(address))
}

func isHeader(one *routev3.HeaderMatcher, given connection) bool {
	values := map[string]string{":authority": given.Host, ":path": "/", ":method": "GET"}
	value, isThere := values[one.GetName()]
	if one.GetInvertMatch() || one.GetTreatMissingHeaderAsEmpty() {
		panic(fmt.Sprintf("a header %v", one))
	}
	switch rule := one.GetHeaderMatchSpecifier().(type) {
	case *routev3.HeaderMatcher_PresentMatch:
		return isThere == rule.PresentMatch
	case *routev3.HeaderMatcher_StringMatch:
		return isThere && isText(rule.StringMatch, value)
	}
	panic(fmt.Sprintf("a header %T", one.GetHeaderMatchSpecifier()))
}

func isText(wanted *matcherv3.StringMatcher, text string) bool {
	fold := func(one string) string { return one }
	if wanted.GetIgnoreCase() {
		fold = strings.ToLower
	}
	switch rule := wanted.GetMatchPattern().(type) {
	case *matcherv3.StringMatcher_Exact:
		return fold(rule.Exact) == fold(text)
	case *matcherv3.StringMatcher_Prefix:
		return strings.HasPrefix(fold(text), fold(rule.Prefix))
	case *matcherv3.StringMatcher_Suffix:
		return strings.HasSuffix(fold(text), fold(rule.Suffix))
	case *matcherv3.StringMatcher_SafeRegex:
		return regexp.MustCompile(`\A(?:` + rule.SafeRegex.GetRegex() + `)\z`).MatchString(text)
	}
	panic(fmt.Sprintf("a text %T", wanted.GetMatchPattern()))
}
