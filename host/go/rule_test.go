package auditbox

import (
	"regexp"
	"slices"
	"testing"
)

func TestTheRulesAreListedAsTheirSchemaSaysWhateverIsConfigured(t *testing.T) {
	known := schemaOf(t, "rules")["rule"].Properties
	rules, err := newAuditor(t).Rules(ctx)
	if err != nil {
		t.Fatal(err)
	}
	id := regexp.MustCompile(known["id"].Pattern)
	byID, off := map[string]Rule{}, map[string]string{}
	for _, rule := range rules {
		if !id.MatchString(rule.ID) || !slices.Contains(known["kind"].Enum, rule.Kind) ||
			!slices.Contains(known["action"].Enum, rule.Action) || rule.Description == "" {
			t.Errorf("%+v", rule)
		}
		byID[rule.ID], off[rule.ID] = rule, "off"
	}
	if len(byID) != len(rules) {
		t.Error("an id comes twice")
	}
	if key, aws := byID["key"], byID["aws-access-key-id"]; key.Kind != "key" || key.Vendor != "" || aws.Kind != "format" || aws.Vendor != "AWS" {
		t.Errorf("%+v %+v", key, aws)
	}
	config := map[string]any{"redaction": map[string]any{"rules": off}}
	if others, err := newAuditor(t, WithConfig(config)).Rules(ctx); err != nil || !slices.Equal(others, rules) {
		t.Error(others, err)
	}
}

func TestNothingButAListOfRulesIsTakenForOne(t *testing.T) {
	for _, text := range []string{"", "null", "{}", "[", "[null]", "[{}]", `["key"]`, `[{"id":7}]`} {
		_, err := parseRules(text)
		refused(t, err, ErrComponent)
	}
}
