package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	utilyaml "k8s.io/apimachinery/pkg/util/yaml"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/yaml"

	"github.com/argoproj/argo-cd/v3/common"
	"github.com/argoproj/argo-cd/v3/pkg/apis/application/v1alpha1"
)

type documents struct {
	set      *v1alpha1.ApplicationSet
	projects []*v1alpha1.AppProject
	secrets  []*corev1.Secret
}

// read refuses fields that Argo CD's types do not have: an API server refuses or drops them, by what its client asks.
func read(path string) (*documents, error) {
	content, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	given := &documents{}
	reader := utilyaml.NewDocumentDecoder(io.NopCloser(bytes.NewReader(content)))
	defer reader.Close()
	buffer := make([]byte, len(content)+1)
	for {
		length, err := reader.Read(buffer)
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, err
		}
		if err := given.add(buffer[:length]); err != nil {
			return nil, err
		}
	}
	if given.set == nil {
		return nil, errors.New("the manifest has no ApplicationSet")
	}
	return given, nil
}

func (d *documents) add(document []byte) error {
	var kind metav1.TypeMeta
	if err := yaml.Unmarshal(document, &kind); err != nil {
		return err
	}
	switch kind.Kind {
	case "":
		return nil
	case "ApplicationSet":
		if d.set != nil {
			return errors.New("the manifest has more than one ApplicationSet")
		}
		d.set = &v1alpha1.ApplicationSet{}
		if err := yaml.UnmarshalStrict(document, d.set); err != nil {
			return err
		}
		if d.set.Namespace == "" {
			d.set.Namespace = "argocd"
		}
		d.set.UID = "0" // by which an Application knows its owner
	case "AppProject":
		project := &v1alpha1.AppProject{}
		d.projects = append(d.projects, project)
		return yaml.UnmarshalStrict(document, project)
	case "Secret":
		secret := &corev1.Secret{}
		d.secrets = append(d.secrets, secret)
		return yaml.UnmarshalStrict(document, secret)
	default:
		return fmt.Errorf("the manifest has a document of kind %s", kind.Kind)
	}
	return nil
}

// stored are the objects of Argo CD's own kinds, with the project that each installation has.
func (d *documents) stored() []client.Object {
	objects := []client.Object{d.set}
	hasDefault := false
	for _, project := range d.projects {
		project.SetNamespace(d.set.Namespace)
		hasDefault = hasDefault || project.GetName() == v1alpha1.DefaultAppProjectName
		objects = append(objects, project)
	}
	if !hasDefault {
		name := metav1.ObjectMeta{Name: v1alpha1.DefaultAppProjectName, Namespace: d.set.Namespace}
		objects = append(objects, &v1alpha1.AppProject{ObjectMeta: name})
	}
	return objects
}

// settings are what an installation of Argo CD reads at its start, and the clusters that it knows.
func (d *documents) settings() []runtime.Object {
	labels := map[string]string{"app.kubernetes.io/part-of": "argocd"}
	named := func(name string) metav1.ObjectMeta {
		return metav1.ObjectMeta{Name: name, Namespace: d.set.Namespace, Labels: labels}
	}
	objects := []runtime.Object{
		&corev1.ConfigMap{ObjectMeta: named(common.ArgoCDConfigMapName)},
		&corev1.Secret{
			ObjectMeta: named(common.ArgoCDSecretName),
			Data:       map[string][]byte{"admin.password": nil, "server.secretkey": nil},
		},
	}
	for _, secret := range d.secrets {
		secret.Namespace = d.set.Namespace
		objects = append(objects, secret)
	}
	return objects
}
