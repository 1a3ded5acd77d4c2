package org.bandpass.languagemodel;

import ai.djl.ndarray.NDList;

/** Measures how fast the device multiplies large matrices, as a reference for the speed of a model. */
public final class MatrixProduct {
    private static final String SOURCE = """
            class Program(Module):
              __parameters__ = []
              __buffers__ = []
              training : bool
              weights : List[Tensor]
              products : List[Tensor]
              gradients : List[Tensor]
              first_moments : List[Tensor]
              second_moments : List[Tensor]
              past : List[Tensor]

              # sizes: [N, K, M, dtype]
              def prepare(self: __torch__.Program, sizes: Tensor) -> Tensor:
                n = int(sizes[0])
                k = int(sizes[1])
                m = int(sizes[2])
                self.weights.append(torch.rand([n, k], dtype=6, device=sizes.device).to(int(sizes[3])))
                self.weights.append(torch.rand([m, k], dtype=6, device=sizes.device).to(int(sizes[3])))
                self.weights.append(torch.zeros([n, m], dtype=int(sizes[3]), device=sizes.device))
                return sizes

              # The product [N, M] of [N, K] and the transposed [M, K], into allocated memory; one number to wait for.
              def multiply(self: __torch__.Program, unused: Tensor) -> Tensor:
                _0 = torch.mm(self.weights[0], self.weights[1].t(), out=self.weights[2])
                return self.weights[2][0, 0:1].to(6)
            """;

    private MatrixProduct() {}

    /** Returns floating-point operations a second of a product [n, k] · [k, m], the best of some runs; sizes are n, k, m. */
    public static double flopsPerSecond(String device, String dtype, int[] sizes, int runs) {
        int type = Torch.bf16(dtype) ? Torch.BFLOAT16 : Torch.FLOAT32;
        try (TorchProgram program = new TorchProgram(SOURCE, device, false)) {
            program.run("prepare", sizes[0], sizes[1], sizes[2], type);
            double best = 0;
            for (int i = 0; i <= runs; i++) {
                long start = System.nanoTime();
                program.call("multiply", m -> new NDList(m.create(0f)), TorchProgram::scalar);
                double seconds = (System.nanoTime() - start) / 1e9;
                best = i == 0 ? best : Math.max(best, 2.0 * sizes[0] * sizes[1] * sizes[2] / seconds);
            }
            return best;
        }
    }
}
