// SPDX-License-Identifier: EUPL-1.2

package clerks

import (
	"context"
	"crypto/subtle"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"sync/atomic"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"
)

// ErrAway says that the town's provider does not answer as it should.
var ErrAway = errors.New("the provider cannot be reached")

// ErrStranger says that the provider's answer does not prove who somebody is,
// or that it names nobody who has one role here.
var ErrStranger = errors.New("the provider's answer lets nobody in")

// patience is how long a question to the provider may take.
const patience = 10 * time.Second

// ProviderSettings are what is agreed with the town's OpenID provider.
type ProviderSettings struct {
	Issuer, ClientID, Secret string
	Back                     string          // our address that the provider leads back to
	Claim                    string          // that says what somebody may do; a dot leads into an object
	Roles                    map[string]Role // by the values of the claim
}

// A Provider lets clerks in whom the town's OpenID provider knows: the
// authorization code flow with PKCE (RFC 7636), state and nonce.
type Provider struct {
	clerks   *Clerks
	settings ProviderSettings
	client   *http.Client
	found    atomic.Pointer[oidc.Provider] // nil until it answered for the first time
}

// NewProvider asks nothing yet: the office starts without the town's provider.
func (c *Clerks) NewProvider(s ProviderSettings) *Provider {
	return &Provider{clerks: c, settings: s, client: &http.Client{Timeout: patience}}
}

// visit is what the way back is held against.
type visit struct {
	State, Nonce, Verifier string
	To                     string // page of the desk to go on with
}

// Begin gives the provider's address to send the browser to, and the token that
// the browser brings back. It returns ErrAway or a *PauseError.
func (p *Provider) Begin(ctx context.Context, place, to string) (address, journey string, err error) {
	config, _, err := p.find(ctx)
	if err != nil {
		return "", "", fmt.Errorf("sign in: %w", err)
	}
	v := visit{State: newToken(), Nonce: newToken(), Verifier: oauth2.GenerateVerifier(), To: to}
	if journey, err = p.clerks.begin(ctx, journeyOpenID, place, v); err != nil {
		return "", "", fmt.Errorf("sign in: %w", err)
	}
	return config.AuthCodeURL(v.State, oidc.Nonce(v.Nonce), oauth2.S256ChallengeOption(v.Verifier)), journey, nil
}

// End takes what the provider sent back with the browser and starts a session
// of ours. It returns ErrJourney, ErrAway or ErrStranger.
func (p *Provider) End(ctx context.Context, place, journey string, back url.Values) (token, to string, err error) {
	var v visit
	if err := p.clerks.resume(ctx, journeyOpenID, journey, &v); err != nil {
		return "", "", fmt.Errorf("sign in: %w", err)
	}
	if subtle.ConstantTimeCompare([]byte(v.State), []byte(back.Get("state"))) != 1 {
		return "", "", fmt.Errorf("sign in: %w", ErrJourney)
	}
	if back.Get("code") == "" { // what it says instead may be anybody's words
		return "", "", fmt.Errorf("sign in: no code: %w", ErrStranger)
	}
	who, err := p.identify(ctx, v, back.Get("code"))
	if err == nil {
		token, err = p.clerks.admitKnown(ctx, who, place)
	}
	if err != nil {
		return "", "", fmt.Errorf("sign in: %w", err)
	}
	return token, v.To, nil
}

// identify exchanges the code and verifies the token: issuer, audience, time,
// signature and nonce.
func (p *Provider) identify(ctx context.Context, v visit, code string) (known, error) {
	config, provider, err := p.find(ctx)
	if err != nil {
		return known{}, err
	}
	ctx = oidc.ClientContext(ctx, p.client)
	tokens, err := config.Exchange(ctx, code, oauth2.VerifierOption(v.Verifier))
	if said, ok := errors.AsType[*oauth2.RetrieveError](err); ok && said.Response.StatusCode < http.StatusInternalServerError {
		return known{}, fmt.Errorf("the code is refused, %q: %w", said.ErrorCode, ErrStranger) // a word of RFC 6749: of a wrong secret too
	}
	if err != nil {
		return known{}, ErrAway // and not err: it may repeat the answer
	}
	raw, _ := tokens.Extra("id_token").(string)
	token, err := provider.VerifierContext(ctx, &oidc.Config{ClientID: p.settings.ClientID}).Verify(ctx, raw)
	if err != nil {
		return known{}, p.clerks.stranger(ctx, known{Issuer: p.settings.Issuer}, "token")
	}
	k := known{Issuer: token.Issuer, Subject: token.Subject}
	if subtle.ConstantTimeCompare([]byte(token.Nonce), []byte(v.Nonce)) != 1 {
		return known{}, p.clerks.stranger(ctx, k, "nonce")
	}
	claims, err := p.claims(ctx, provider, token, tokens)
	if err != nil {
		return known{}, err
	}
	k.Name = nameOf(claims, token.Subject)
	if k.Role = roleOf(claims, p.settings.Claim, p.settings.Roles); k.Role == "" {
		return known{}, p.clerks.stranger(ctx, k, "role")
	}
	return k, nil
}

// claims are the token's. Providers that keep it small tell the rest when asked.
func (p *Provider) claims(ctx context.Context, provider *oidc.Provider, token *oidc.IDToken, tokens *oauth2.Token) (map[string]any, error) {
	claims := map[string]any{}
	if err := token.Claims(&claims); err != nil {
		return nil, fmt.Errorf("claims: %w", ErrStranger)
	}
	if lookUp(claims, p.settings.Claim) != nil || provider.UserInfoEndpoint() == "" {
		return claims, nil
	}
	info, err := provider.UserInfo(ctx, oauth2.StaticTokenSource(tokens))
	if err != nil {
		return nil, ErrAway
	}
	if info.Subject != token.Subject { // OpenID Connect Core 5.3.2
		return nil, p.clerks.stranger(ctx, known{Issuer: token.Issuer, Subject: token.Subject}, "subject")
	}
	if err := info.Claims(&claims); err != nil {
		return nil, fmt.Errorf("claims: %w", ErrStranger)
	}
	return claims, nil
}

// find asks the provider for its addresses until it answered once. Nobody waits
// for another's question: while the provider is silent, each takes its patience.
func (p *Provider) find(ctx context.Context) (oauth2.Config, *oidc.Provider, error) {
	found := p.found.Load()
	if found == nil {
		var err error
		if found, err = oidc.NewProvider(oidc.ClientContext(ctx, p.client), p.settings.Issuer); err != nil {
			return oauth2.Config{}, nil, fmt.Errorf("%w: %w", ErrAway, err) // nobody's data: the provider's own description
		}
		p.found.Store(found)
	}
	return oauth2.Config{
		ClientID: p.settings.ClientID, ClientSecret: p.settings.Secret, Endpoint: found.Endpoint(),
		RedirectURL: p.settings.Back, Scopes: []string{oidc.ScopeOpenID, "profile", "email"},
	}, found, nil
}
