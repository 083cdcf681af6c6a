// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {StakeTree} from "../src/libraries/StakeTree.sol";

contract StakeTreeTest {
    using StakeTree for StakeTree.Tree;

    StakeTree.Tree private tree;

    error WrongLeaf(uint256 point, uint256 actual, uint256 expected);
    error Unequal(uint256 actual, uint256 expected);

    /// @dev The leaf by adding up one after another.
    function _scan(uint256[] memory weights, uint256 point) private pure returns (uint256 index) {
        while (point >= weights[index]) point -= weights[index++];
        return index + 1;
    }

    /// @dev Leaves are added and reweighed in any order; every leaf then covers as many points as it weighs.
    function testFuzz_a_leaf_is_found_for_as_many_points_as_it_weighs(uint8[24] calldata given, uint8 size, uint32 seed)
        public
    {
        uint256 count = 1 + size % 24;
        uint256[] memory weights = new uint256[](count);
        for (uint256 i = 0; i < count; ++i) {
            uint256 index = tree.append();
            if (index != i + 1) revert Unequal(index, i + 1);
            // An earlier leaf changes before the next is added, so that sums are taken over what it became.
            uint256 changed = (seed + i * 7) % (i + 1);
            weights[i] = given[i];
            tree.set(i + 1, given[i]);
            weights[changed] = given[(i + seed % 24) % 24];
            tree.set(changed + 1, weights[changed]);
        }
        uint256 total = 0;
        for (uint256 i = 0; i < count; ++i) {
            total += weights[i];
        }
        if (tree.total != total) revert Unequal(tree.total, total);
        for (uint256 i = 0; i < 64 && total != 0; ++i) {
            uint256 point = uint256(keccak256(abi.encode(seed, i))) % total;
            if (i == 0) point = 0;
            if (i == 1) point = total - 1;
            uint256 found = tree.find(point);
            uint256 expected = _scan(weights, point);
            if (found != expected) revert WrongLeaf(point, found, expected);
        }
    }
}
