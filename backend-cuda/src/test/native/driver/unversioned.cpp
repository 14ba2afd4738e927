// Functions that cuda.h exports under two names: here under the older one, which has no version. In a file of
// its own, because cuda.h declares the old names only to those who ask for them, and then not the new ones.
#define __CUDA_API_VERSION_INTERNAL
#include <cuda.h>

#if CUDA_VERSION >= 13000
extern "C" {

CUresult CUDAAPI cuDeviceGetUuid_v2(CUuuid* uuid, CUdevice device);
CUresult CUDAAPI cuEventElapsedTime_v2(float* milliseconds, CUevent start, CUevent end);

CUresult CUDAAPI cuDeviceGetUuid(CUuuid* uuid, CUdevice device) {
  return cuDeviceGetUuid_v2(uuid, device);
}

CUresult CUDAAPI cuEventElapsedTime(float* milliseconds, CUevent start, CUevent end) {
  return cuEventElapsedTime_v2(milliseconds, start, end);
}

}  // extern "C"
#endif
