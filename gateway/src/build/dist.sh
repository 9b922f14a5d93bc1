#!/usr/bin/env bash
# Makes the tarball of the gateway: its jars, a runtime with the modules they need, and an AOT cache of both.
# Called by ./vestibule dist, which has built the gateway and set JAVA_HOME. Prints where the tarball is.
set -euo pipefail

gateway=$(cd -P -- "$(dirname -- "${BASH_SOURCE[0]}")/../.." && pwd)
version=$(sed -n 's:.*<version>\(.*\)</version>.*:\1:p' "$gateway/pom.xml" | head -1)
name=vestibule-$version-linux-$(uname -m)
target=$gateway/target
home=$target/dist/$name

# java.logging: what Vestibule and Netty log goes there. jdk.unsupported: Netty's Unsafe. Elliptic curves for TLS have
# been in java.base since 22. Libraries name more (JFR, JMX, LDAP in certificates), for what is not used here.
modules=java.base,java.logging,jdk.unsupported
needed=$("$JAVA_HOME/bin/jdeps" --multi-release 25 --ignore-missing-deps --list-deps --no-recursive \
  -include 'dev\.vestibule\..*' --class-path "$target/lib/*" \
  "$target/vestibule-gateway.jar" "$target"/lib/vestibule-*.jar | sed -n 's:^ *\(java\.[a-z.]*\|jdk\.[a-z.]*\).*:\1:p')
for module in $needed; do
  if [[ ,$modules, != *,"$module",* ]]; then
    echo "dist: the gateway needs $module (expected: one of $modules; name it in ${BASH_SOURCE[0]})" >&2
    exit 1
  fi
done

rm -rf "$target/dist"
mkdir -p "$home/app"
cp -R "$gateway/src/main/dist/bin" "$home/"
cp "$gateway/src/main/dist/NOTICE" "$gateway/../LICENSE" "$home/"
cp -R "$target/vestibule-gateway.jar" "$target/lib" "$gateway/src/main/dist/jvm.options" "$home/app/"
# Not compressed: the tarball is, once and better, and a compressed one would have to be unpacked at each start.
"$JAVA_HOME/bin/jlink" --add-modules "$modules" --strip-debug --no-header-files --no-man-pages --compress zip-0 \
  --output "$home/runtime"

# Beside the runtime's own libraries Netty's is found at once; from its jar it would be unpacked into /tmp at each start.
native=("$target"/lib/netty-transport-native-epoll-*-linux-"$(uname -m | sed s/aarch64/aarch_64/)".jar)
(cd "$target/dist" && "$JAVA_HOME/bin/jar" -xf "${native[0]}" META-INF/native)
mv "$target"/dist/META-INF/native/*.so "$home/runtime/lib/"
rm -r "$target/dist/META-INF"

# The same times whenever it is made. Before the training: the cache records those of what it was made from.
time=$(sed -n 's:.*<project.build.outputTimestamp>\(.*\)</project.*:\1:p' "$gateway/../pom.xml")
find "$home" -exec touch -h -d "$time" {} +
training=$gateway/src/build/Training.java
"$JAVA_HOME/bin/java" "$training" "$home" "$training" >"$target/dist/training.log" 2>&1 || {
  echo "dist: the training run failed; all of it is in $target/dist/training.log, the end:" >&2
  tail -20 "$target/dist/training.log" >&2
  exit 1
}
touch -d "$time" "$home/app/vestibule.aot" "$home/app"

tar -C "$target/dist" --sort=name --owner=0 --group=0 --numeric-owner -cf - "$name" | gzip -9n >"$target/$name.tar.gz"
echo "$target/$name.tar.gz"
