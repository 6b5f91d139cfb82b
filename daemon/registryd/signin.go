// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"errors"
	"fmt"
	"net"
	"net/url"

	"github.com/fotobox-project/fotobox/registry/clerks"
	"github.com/fotobox-project/fotobox/ui/desk"
)

// OpenIDSettings say which OpenID provider the town has; without an issuer it has none.
type OpenIDSettings struct {
	Issuer   string            `toml:"issuer"`    // "https://login.example.org/realms/town"
	ClientID string            `toml:"client_id"` // the desk's name there
	Secret   string            `toml:"secret"`    // file with the desk's secret there; a relative name is a credential's
	Claim    string            `toml:"claim"`     // that says what somebody may do; empty: groups
	Roles    map[string]string `toml:"roles"`     // clerk, supervisor, technician or officer by the claim's values
}

func (s *OpenIDSettings) check(site string) error {
	if s.Issuer == "" {
		if s.ClientID != "" || s.Secret != "" || s.Claim != "" || len(s.Roles) > 0 {
			return errors.New("oidc.issuer is missing")
		}
		return nil
	}
	if s.Claim == "" {
		s.Claim = "groups"
	}
	if err := checkSite(s.Issuer); err != nil {
		return fmt.Errorf("oidc.issuer %w", err)
	}
	switch {
	case site == "":
		return errors.New(`oidc: key "site" is missing: the address under which clerks reach the desk, to which the provider leads back`)
	case s.ClientID == "" || s.Secret == "":
		return errors.New("oidc: client_id and secret are needed")
	case len(s.Roles) == 0:
		return errors.New("oidc.roles is empty: nobody could sign in")
	}
	for _, role := range s.Roles {
		if _, err := clerks.ParseRole(role); err != nil {
			return fmt.Errorf("oidc.roles: %w", err)
		}
	}
	return nil
}

// checkSite refuses an address that others on the way could read or change.
// Plain HTTP is for this machine only.
func checkSite(site string) error {
	u, err := url.Parse(site)
	if err != nil || u.Host == "" || u.User != nil || u.RawQuery != "" || u.Fragment != "" {
		return fmt.Errorf("= %q: must be https://HOST", site)
	}
	local := u.Hostname() == "localhost" || net.ParseIP(u.Hostname()).IsLoopback()
	if u.Scheme != "https" && (u.Scheme != "http" || !local) {
		return fmt.Errorf("= %q: must be https", site)
	}
	return nil
}

// passkeys hold for the site that the settings name: nil without one, and for a
// site without a name, of which browsers take none.
func (o *office) passkeys() (desk.Passkeys, error) {
	u, err := url.Parse(o.settings.Site)
	if err != nil || u.Hostname() == "" || net.ParseIP(u.Hostname()) != nil {
		return nil, nil // checkSite has seen it
	}
	p, err := o.clerks.NewPasskeys(o.settings.Site, o.keys.Name)
	if err != nil {
		return nil, fmt.Errorf("site: %w", err)
	}
	return p, nil
}

// openID is the town's provider, nil where it has none.
func (o *office) openID() (desk.OpenID, error) {
	s := o.settings.OIDC
	if s.Issuer == "" {
		return nil, nil
	}
	password, err := secret(s.Secret)
	if err != nil {
		return nil, fmt.Errorf("oidc.secret: %w", err)
	}
	roles := map[string]clerks.Role{}
	for value, role := range s.Roles {
		roles[value] = clerks.Role(role)
	}
	return o.clerks.NewProvider(clerks.ProviderSettings{
		Issuer: s.Issuer, ClientID: s.ClientID, Secret: password,
		Back: o.settings.Site + desk.OpenIDBack, Claim: s.Claim, Roles: roles,
	}), nil
}
