package main

import (
	"encoding/json"
	"fmt"
	"time"

	"k8s.io/apimachinery/pkg/runtime"

	"istio.io/istio/pilot/pkg/config/kube/crd"
	"istio.io/istio/pkg/config"
	"istio.io/istio/pkg/config/schema/collections"
	"istio.io/istio/pkg/config/schema/resource"
	"istio.io/istio/pkg/kube"
)

// manifests are the objects of a cluster, as pilot reads them: its own configuration, and Kubernetes' objects.
type manifests struct {
	configs  []config.Config
	objects  []runtime.Object
	warnings []string
}

func parseAll(given []json.RawMessage) (manifests, []refusal) {
	var parsed manifests
	var refused []refusal
	for index, manifest := range given {
		if err := parsed.parse(manifest); err != nil {
			refused = append(refused, refusal{Manifest: index, Message: err.Error()})
		}
	}
	return parsed, refused
}

// parse reads one object as pilot and the webhook of Istio's validation do.
func (it *manifests) parse(manifest []byte) error {
	var object crd.IstioKind
	if err := json.Unmarshal(manifest, &object); err != nil {
		return err
	}
	kind := object.GroupVersionKind()
	schema, isIstio := collections.Pilot.FindByGroupVersionAliasesKind(resource.FromKubernetesGVK(&kind))
	if !isIstio {
		decoded, _, err := kube.IstioCodec.UniversalDeserializer().Decode(manifest, nil, nil)
		if err != nil {
			return fmt.Errorf("pilot does not read %s %s: %w", object.APIVersion, object.Kind, err)
		}
		it.objects = append(it.objects, decoded)
		return nil
	}
	read, err := crd.ConvertObjectInternal(schema, &object, "", readStrictly)
	if err != nil {
		return err
	}
	warning, err := schema.ValidateConfig(*read)
	if err != nil {
		return err
	}
	if warning != nil {
		it.warnings = append(it.warnings, fmt.Sprintf("%s %s/%s: %v", object.Kind, object.Namespace, object.Name, warning))
	}
	// Of two objects that contradict each other the older one counts.
	read.CreationTimestamp = time.Unix(int64(len(it.configs)), 0)
	it.configs = append(it.configs, *read)
	return nil
}

// readStrictly refuses unknown fields, which an API server would drop in silence.
func readStrictly(schema resource.Schema, text string) (config.Spec, error) {
	made, err := schema.NewInstance()
	if err != nil {
		return nil, err
	}
	return made, config.ApplyJSONStrict(made, text)
}
