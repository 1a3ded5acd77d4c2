{{/* The name prefix of all objects of a release. */}}
{{- define "bandpass.fullname" -}}
{{- if .Values.fullnameOverride -}}
{{- .Values.fullnameOverride | trunc 40 | trimSuffix "-" -}}
{{- else -}}
{{- $name := default .Chart.Name .Values.nameOverride -}}
{{- if contains $name .Release.Name -}}
{{- .Release.Name | trunc 40 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name $name | trunc 40 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{/* Makes a Kubernetes name from the name of a plan or a run: (text) */}}
{{- define "bandpass.part" -}}
{{- . | lower | replace "." "-" | replace "_" "-" | trunc 20 | trimAll "-" -}}
{{- end -}}

{{/* Labels that never change: (dict "root" $ "component" name) */}}
{{- define "bandpass.selectorLabels" -}}
app.kubernetes.io/name: {{ default .root.Chart.Name .root.Values.nameOverride }}
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/component: {{ .component }}
{{- end -}}

{{- define "bandpass.labels" -}}
{{ include "bandpass.selectorLabels" . }}
app.kubernetes.io/version: {{ .root.Chart.AppVersion | quote }}
app.kubernetes.io/part-of: bandpass
app.kubernetes.io/managed-by: {{ .root.Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .root.Chart.Name .root.Chart.Version | replace "+" "_" }}
{{- end -}}

{{/* The settings of all programs, as a properties file. */}}
{{- define "bandpass.properties" -}}
topic.prefix={{ .Values.topicPrefix }}
topic.partitions={{ .Values.topicPartitions }}
topic.replication={{ .Values.topicReplication }}
{{- range $key, $value := .Values.settings }}
{{ $key }}={{ if kindIs "float64" $value }}{{ if eq (floor $value) $value }}{{ int64 $value }}{{ else }}{{ $value }}{{ end }}{{ else }}{{ $value }}{{ end }}
{{- end }}
{{- end -}}

{{/* Writes a whole number, which YAML reads as a floating-point one, as 26000000000 and not 2.6e+10. */}}
{{- define "bandpass.whole" -}}
{{- int64 . -}}
{{- end -}}

{{/* A pod with one program: (dict "root" $ "component" c "settings" configMap "args" [...] "values" {...}
     "restartPolicy" p "state" bool "models" bool "writeModels" bool "input" bool) */}}
{{- define "bandpass.pod" -}}
metadata:
  labels:
    {{- include "bandpass.labels" . | nindent 4 }}
    {{- with .root.Values.podLabels }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
  annotations:
    checksum/settings: {{ include "bandpass.properties" .root | sha256sum }}
    {{- with .root.Values.podAnnotations }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
spec:
  restartPolicy: {{ .restartPolicy }}
  automountServiceAccountToken: false
  # Longer than any program needs to stop: a trainer writes a checkpoint within two minutes.
  terminationGracePeriodSeconds: 150
  # Otherwise Kubernetes sets variables for the Services of the namespace, and some could begin with BANDPASS_.
  enableServiceLinks: false
  {{- with .root.Values.imagePullSecrets }}
  imagePullSecrets:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  securityContext:
    {{- toYaml .root.Values.podSecurityContext | nindent 4 }}
  {{- with .values.nodeSelector }}
  nodeSelector:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- with .values.tolerations }}
  tolerations:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  containers:
    - name: {{ .component }}
      image: "{{ .root.Values.image.repository }}:{{ default .root.Chart.AppVersion .root.Values.image.tag }}"
      imagePullPolicy: {{ .root.Values.image.pullPolicy }}
      args:
        {{- toYaml .args | nindent 8 }}
      env:
        - name: BANDPASS_JAVA_OPTIONS
          value: {{ default "-Xmx256m" .values.javaOptions | quote }}
        # The root file system is read-only; DJL unpacks native libraries here.
        - name: DJL_CACHE_DIR
          value: /var/lib/bandpass/djl
        - name: HOME
          value: /var/lib/bandpass
      {{- with .root.Values.kafka.existingSecret }}
      envFrom:
        - secretRef:
            name: {{ . }}
      {{- end }}
      workingDir: /var/lib/bandpass
      securityContext:
        {{- toYaml .root.Values.securityContext | nindent 8 }}
      resources:
        {{- toYaml .values.resources | nindent 8 }}
      volumeMounts:
        - {name: settings, mountPath: /etc/bandpass, readOnly: true}
        - {name: work, mountPath: /var/lib/bandpass}
        - {name: tmp, mountPath: /tmp}
        {{- if and .models .root.Values.models.existingClaim }}
        - {name: models, mountPath: {{ .root.Values.models.mountPath }}, readOnly: {{ not .writeModels }}}
        {{- end }}
        {{- if and .input .values.existingClaim }}
        - {name: input, mountPath: {{ .values.mountPath }}, readOnly: true}
        {{- end }}
  volumes:
    - name: settings
      configMap:
        name: {{ .settings }}
    - name: work
      emptyDir: {}
    - name: tmp
      emptyDir: {}
    {{- if and .models .root.Values.models.existingClaim }}
    - name: models
      persistentVolumeClaim:
        claimName: {{ .root.Values.models.existingClaim }}
    {{- end }}
    {{- if and .input .values.existingClaim }}
    - name: input
      persistentVolumeClaim:
        claimName: {{ .values.existingClaim }}
    {{- end }}
{{- end -}}

{{/* The arguments of every program that talks to Kafka, as a YAML list. */}}
{{- define "bandpass.kafkaArgs" -}}
- --bootstrap-servers
- {{ required "kafka.bootstrapServers is needed: the Kafka cluster, host:port,…" .Values.kafka.bootstrapServers | quote }}
- --config
- /etc/bandpass/bandpass.properties
{{- end -}}

{{/* The arguments of every program that reads topics of other programs, as a YAML list. */}}
{{- define "bandpass.readerArgs" -}}
{{ include "bandpass.kafkaArgs" . }}
- --wait-for-topics
{{- end -}}

{{/* The name of a Job. It depends on the settings of the work, but not on the release's revision, the image or the chart's
     version, so an upgrade does not repeat finished work: (dict "root" $ "component" c "program" settings' prefix
     "values" {...} "entry" {...}) */}}
{{- define "bandpass.jobName" -}}
{{- $settings := dict -}}
{{- range $key, $value := .root.Values.settings -}}
{{- $program := first (splitList "." $key) -}}
{{- if or (eq $program $.program) (not (has $program (list "calibrator" "console" "eval" "ingest" "scorer" "selector" "trainer"))) -}}
{{- $_ := set $settings $key $value -}}
{{- end -}}
{{- end -}}
{{- $work := dict "values" .values "entry" .entry "settings" $settings "models" .root.Values.models "kafka" .root.Values.kafka "prefix" .root.Values.topicPrefix "partitions" .root.Values.topicPartitions -}}
{{- printf "%s-%s-%s" (include "bandpass.fullname" .root) .component ($work | toJson | sha256sum | trunc 8) -}}
{{- end -}}

{{/* The specification of a Job. Kubernetes refuses to change one, so an existing Job keeps its specification, including its
     image, without the fields that Kubernetes has added: (dict "root" $ "name" n "backoffLimit" b "pod" text) */}}
{{- define "bandpass.jobSpec" -}}
{{- $existing := dict -}}
{{- if .root.Values.jobs.keepExisting -}}
{{- $existing = lookup "batch/v1" "Job" .root.Release.Namespace .name -}}
{{- end -}}
{{- if $existing -}}
{{- $spec := omit (deepCopy $existing.spec) "selector" -}}
{{- range list "controller-uid" "job-name" "batch.kubernetes.io/controller-uid" "batch.kubernetes.io/job-name" -}}
{{- $_ := unset $spec.template.metadata.labels . -}}
{{- end -}}
{{- toYaml $spec -}}
{{- else -}}
backoffLimit: {{ .backoffLimit }}
template:
  {{- .pod | nindent 2 }}
{{- end -}}
{{- end -}}
