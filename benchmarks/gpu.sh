#!/bin/bash
# Everything that wants a GPU, in under eight minutes: the conformance suite, a training, and operators and training steps
# beside PyTorch on the same card. The short table comes last; details are in gpu-report/ as JSON.
#
#   benchmarks/gpu.sh pack        where Ladera is built: puts a Java runtime and all jars into .device/, to be carried along
#   benchmarks/gpu.sh [OUT]       on the machine with the GPU, in the project's folder; needs no Java, and PyTorch for
#                                 comparisons (PY names its Python, MNIST a folder with MNIST's files)
set -eu
root=$(cd "$(dirname "$0")/.." && pwd)
device=$root/.device

pack() {
  . "$root/.mvn/find-jdk.sh"
  export JAVA_HOME
  (cd "$root" && ./mvnw -q -pl backend-cuda,benchmarks -am package dependency:copy-dependencies -DskipTests \
    -Dmaven.javadoc.skip=true -DincludeScope=test -DexcludeArtifactIds=ladera-backend-nd4j,nd4j-native \
    '-DoutputDirectory=${project.build.directory}/device')
  rm -rf "$device"
  mkdir -p "$device/jars"
  "$JAVA_HOME/bin/jlink" --strip-debug --no-man-pages --no-header-files --compress zip-0 --output "$device/jre" --add-modules \
    java.base,java.desktop,java.logging,java.management,java.net.http,java.sql,java.xml,jdk.incubator.vector,jdk.unsupported,jdk.management,jdk.zipfs
  tar -C "$device" -c jre | xz -6 >"$device/jre.tar.xz"
  rm -rf "$device/jre"
  for module in backend-cuda benchmarks; do
    cp "$root/$module"/target/device/*.jar "$root/$module"/target/*-SNAPSHOT.jar "$device/jars"
  done
  cp -r "$root/backend-cuda/target/test-classes" "$device/tests"
  echo "packed $(du -sm "$device" | cut -f1) MiB into $device"
}

if [ "${1-}" = pack ]; then
  pack
  exit
fi

out=${1:-$root/gpu-report}
mkdir -p "$out"
out=$(cd "$out" && pwd)
python=$(command -v "${PY:-python3}" || true)
runtime=${TMPDIR:-/tmp}/ladera-jre
if [ ! -x "$runtime/jre/bin/java" ]; then
  mkdir -p "$runtime"
  tar -C "$runtime" -xJf "$device/jre.tar.xz" 2>/dev/null ||
    python3 -c "import tarfile, sys; tarfile.open(sys.argv[1]).extractall(sys.argv[2])" "$device/jre.tar.xz" "$runtime"
fi

# Python's packages bring the libraries; the driver may be where only the loader's cache knows it.
libraries=
if [ -n "$python" ]; then
  packages=$("$python" -c 'import sysconfig; print(sysconfig.get_path("purelib"))')
  for folder in "$packages"/nvidia/*/lib; do
    [ -d "$folder" ] && libraries=$libraries:$folder
  done
fi
for folder in /usr/local/nvidia/lib64 /usr/local/nvidia/lib /usr/lib/x86_64-linux-gnu; do
  [ -e "$folder/libcuda.so.1" ] && libraries=$libraries:$folder
done
export LD_LIBRARY_PATH="${libraries#:}${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}"

run() {
  "$runtime/jre/bin/java" --enable-native-access=ALL-UNNAMED --add-modules jdk.incubator.vector \
    --sun-misc-unsafe-memory-access=allow ${libraries:+-Dladera.cuda.path="${libraries#:}"} \
    -Dladera.cuda.cache="$out/kernels" -Dladera.cuda.test=gpu -cp "$device/tests:$device/jars/*" "$@"
}

begin=$(date +%s)
run dev.ladera.examples.Main doctor --device cuda:0 | tee "$out/doctor.txt"

# A process a group: compiling kernels takes the processors, not the card.
groups="values views sizes largeSizes specialValues randomCalls documentedAnswers expressions composites randomBits
repetition threads inputs memory gradients pyTorch errors"
for group in $groups; do
  (cd "$out" && run dev.ladera.backend.cuda.ConformanceMain "$group" >"conformance-$group.txt" 2>&1) &
done
wait
echo "conformance after $(($(date +%s) - begin)) s"

if [ -n "${MNIST-}" ]; then
  training="mnist --data $(cd "$MNIST" && pwd) --epochs 2"
else
  training="digits --epochs 5"
fi
for model in mlp lenet; do
  (cd "$out" && run dev.ladera.examples.Main train $training --model "$model" --device cuda:0 --out "run-$model") \
    >"$out/train-$model.txt" 2>&1 || echo "training $model failed; see $out/train-$model.txt"
done
echo "training after $(($(date +%s) - begin)) s"

only='^(add|relu)/1$|^(copy|add|relu|gelu|tanhChain)/67108864$|^matmul/(1024|4096|8192)$|16384x4096|^conv.*/3x3-128$|Sgd/|^mlpAdam/64$'
peer=
if [ -n "$python" ] && "$python" -c 'import torch; assert torch.cuda.is_available()' 2>/dev/null; then
  peer="--peer pytorch --python $python"
else
  echo "PyTorch with CUDA is not there: nothing to compare with"
fi
left=$((begin + 450 - $(date +%s)))
run dev.ladera.benchmarks.Main --device cuda:0 --quick --only "$only" --json "$out/bench.json" $peer >"$out/bench.txt" 2>"$out/bench.log" &
bench=$!
(sleep "$left" && kill $bench 2>/dev/null) &
watch=$!
wait $bench || echo "benchmarks ended early, or with differing results; see $out/bench.log"
kill $watch 2>/dev/null || true

echo
cat "$out"/conformance-*.txt | grep -h '^failed' | head -20 || true
tail -qn 1 "$out"/conformance-*.txt
tail -qn 3 "$out"/train-*.txt
cat "$out/bench.txt"
echo "all in $(($(date +%s) - begin)) s; details in $out"
