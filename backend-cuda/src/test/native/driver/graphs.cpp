// Captures of one stream, and their replay. A graph is the list of what the stream was given, in order.
#include "graphs.h"

#include "memory.h"
#include "streams.h"

namespace fake {

namespace {

struct Graph {
  Device* device;
  std::vector<Operation> operations;
};

Handles<Graph>& allGraphs() {
  static auto& handles = *new Handles<Graph>("graph", 0x64);
  return handles;
}

Handles<Graph>& allExecs() {
  static auto& handles = *new Handles<Graph>("executable graph", 0x65);
  return handles;
}

// Why one graph cannot take the place of another.
CUgraphExecUpdateResult difference(const Graph& exec, const Graph& graph) {
  if (exec.operations.size() != graph.operations.size()) {
    return CU_GRAPH_EXEC_UPDATE_ERROR_TOPOLOGY_CHANGED;
  }
  for (size_t i = 0; i < exec.operations.size(); i++) {
    if (exec.operations[i].kind != graph.operations[i].kind) {
      return CU_GRAPH_EXEC_UPDATE_ERROR_NODE_TYPE_CHANGED;
    }
    if (exec.operations[i].kind == Operation::Kind::allocate) {
      return CU_GRAPH_EXEC_UPDATE_ERROR_NOT_SUPPORTED;
    }
  }
  return CU_GRAPH_EXEC_UPDATE_SUCCESS;
}

void endCapture(Stream& stream, CUgraph* handle) {
  require(stream.capture != nullptr, "the stream does not capture", CUDA_ERROR_ILLEGAL_STATE);
  std::unique_ptr<Capture> capture = std::move(stream.capture);
  *handle = nullptr;
  require(!capture->broken, "a call that is not allowed in a capture has broken it",
          CUDA_ERROR_STREAM_CAPTURE_INVALIDATED);
  auto graph = std::make_unique<Graph>();
  graph->device = stream.device;
  graph->operations = std::move(capture->operations);
  *handle = reinterpret_cast<CUgraph>(allGraphs().add(std::move(graph)));
}

}  // namespace

namespace graphs {

void clear(Device* device) {
  auto ofDevice = [&](const Graph& graph) { return device == nullptr || graph.device == device; };
  allGraphs().removeIf(ofDevice);
  allExecs().removeIf(ofDevice);
}

long long count(int what) {
  return static_cast<long long>(what == FAKE_GRAPHS ? allGraphs().size() : allExecs().size());
}

}  // namespace graphs
}  // namespace fake

using namespace fake;

extern "C" {

CUresult CUDAAPI cuStreamBeginCapture(CUstream handle, CUstreamCaptureMode mode) {
  return call("cuStreamBeginCapture_v2", Needs::context, [&](std::string& detail) {
    Stream& stream = streams::get(handle);
    detail = stream.name;
    require(&stream != &stream.device->legacy, "the stream 0 cannot be captured",
            CUDA_ERROR_STREAM_CAPTURE_UNSUPPORTED);
    require(!stream.capture, "the stream captures already", CUDA_ERROR_ILLEGAL_STATE);
    require(mode == CU_STREAM_CAPTURE_MODE_GLOBAL || mode == CU_STREAM_CAPTURE_MODE_THREAD_LOCAL ||
                mode == CU_STREAM_CAPTURE_MODE_RELAXED,
            "no such mode");
    stream.capture = std::make_unique<Capture>();
    stream.capture->mode = mode;
  });
}

CUresult CUDAAPI cuStreamEndCapture(CUstream handle, CUgraph* graph) {
  return call("cuStreamEndCapture", Needs::context, [&](std::string& detail) {
    Stream& stream = streams::get(handle);
    detail = stream.name;
    endCapture(stream, graph);
  });
}

CUresult CUDAAPI cuStreamIsCapturing(CUstream handle, CUstreamCaptureStatus* status) {
  return call("cuStreamIsCapturing", Needs::context, [&](std::string&) {
    const Stream& stream = streams::get(handle);
    *status = !stream.capture           ? CU_STREAM_CAPTURE_STATUS_NONE
              : stream.capture->broken ? CU_STREAM_CAPTURE_STATUS_INVALIDATED
                                       : CU_STREAM_CAPTURE_STATUS_ACTIVE;
  });
}

CUresult CUDAAPI cuGraphGetNodes(CUgraph handle, CUgraphNode* nodes, size_t* count) {
  return call("cuGraphGetNodes", Needs::context, [&](std::string&) {
    const Graph& graph = allGraphs().get(handle);
    require(nodes == nullptr, "only the number of nodes is simulated", CUDA_ERROR_NOT_SUPPORTED);
    *count = graph.operations.size();
  });
}

CUresult CUDAAPI cuGraphInstantiateWithFlags(CUgraphExec* exec, CUgraph handle,
                                             unsigned long long flags) {
  return call("cuGraphInstantiateWithFlags", Needs::context, [&](std::string& detail) {
    require(flags == 0, "flags are not simulated", CUDA_ERROR_NOT_SUPPORTED);
    const Graph& graph = allGraphs().get(handle);
    detail = format("%zu operations", graph.operations.size());
    *exec = reinterpret_cast<CUgraphExec>(allExecs().add(std::make_unique<Graph>(graph)));
  });
}

CUresult CUDAAPI cuGraphExecUpdate(CUgraphExec execHandle, CUgraph handle,
                                   CUgraphExecUpdateResultInfo* result) {
  return call("cuGraphExecUpdate_v2", Needs::context, [&](std::string&) {
    Graph& exec = allExecs().get(execHandle);
    const Graph& graph = allGraphs().get(handle);
    *result = CUgraphExecUpdateResultInfo{};
    result->result = difference(exec, graph);
    require(result->result == CU_GRAPH_EXEC_UPDATE_SUCCESS, "the graphs differ",
            CUDA_ERROR_GRAPH_EXEC_UPDATE_FAILURE);
    exec.operations = graph.operations;
  });
}

CUresult CUDAAPI cuGraphLaunch(CUgraphExec handle, CUstream streamHandle) {
  return call("cuGraphLaunch", Needs::context, [&](std::string& detail) {
    const Graph& exec = allExecs().get(handle);
    Stream& stream = streams::get(streamHandle);
    detail = stream.name + format(", %zu operations", exec.operations.size());
    require(stream.device == exec.device, "graph and stream are of different contexts",
            CUDA_ERROR_INVALID_HANDLE);
    require(!stream.capture, "graphs within graphs are not simulated", CUDA_ERROR_NOT_SUPPORTED);
    for (const Operation& operation : exec.operations) {
      streams::submit(stream, operation);
    }
  });
}

CUresult CUDAAPI cuGraphDestroy(CUgraph handle) {
  return call("cuGraphDestroy", Needs::context, [&](std::string&) { allGraphs().remove(handle); });
}

CUresult CUDAAPI cuGraphExecDestroy(CUgraphExec handle) {
  return call("cuGraphExecDestroy", Needs::context,
              [&](std::string&) { allExecs().remove(handle); });
}

}  // extern "C"
